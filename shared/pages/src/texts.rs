//! Words of the pages in two languages, from Fluent files that are compiled in.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::sync::LazyLock;
use unic_langid::langid;

use crate::Lang;

/// An argument of a phrase; made from texts and numbers by `into()`.
pub type Value<'a> = fluent_bundle::FluentValue<'a>;

/// The words of this crate's own layout and components.
pub static PHRASES: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::new(include_str!("../texts/uk.ftl"), include_str!("../texts/en.ftl")));

/// One set of phrases in both languages.
pub struct Phrases {
    uk: FluentBundle<FluentResource>,
    en: FluentBundle<FluentResource>,
    faults: Vec<String>,
}

impl Phrases {
    /// From the sources of two Fluent files. What is wrong with them is told by [`Phrases::faults`].
    pub fn new(uk: &str, en: &str) -> Self {
        let mut faults = differences(uk, en);
        Self { uk: bundle(Lang::Uk, uk, &mut faults), en: bundle(Lang::En, en, &mut faults), faults }
    }

    /// Everything wrong with the sources, for a test: lines that do not parse, keys or variables that one language lacks.
    pub fn faults(&self) -> &[String] {
        &self.faults
    }

    fn find(&self, lang: Lang, key: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
        let bundle = match lang {
            Lang::Uk => &self.uk,
            Lang::En => &self.en,
        };
        let pattern = bundle.get_message(key)?.value()?;
        Some(bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned())
    }
}

fn bundle(lang: Lang, source: &str, faults: &mut Vec<String>) -> FluentBundle<FluentResource> {
    let id = match lang {
        Lang::Uk => langid!("uk"),
        Lang::En => langid!("en"),
    };
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    // The marks would be visible in attributes and in what people copy; both languages are written left to right.
    bundle.set_use_isolating(false);
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, errors)| {
        faults.extend(errors.iter().map(|error| format!("{}: {error}", lang.code())));
        resource
    });
    if let Err(errors) = bundle.add_resource(resource) {
        faults.extend(errors.iter().map(|error| format!("{}: {error}", lang.code())));
    }
    bundle
}

/// Keys or variables of a key that one source has and the other lacks.
fn differences(uk: &str, en: &str) -> Vec<String> {
    let (uk, en) = (variables(uk), variables(en));
    let keys: BTreeSet<&String> = uk.keys().chain(en.keys()).collect();
    let mut faults = Vec::new();
    for key in keys {
        match (uk.get(key), en.get(key)) {
            (Some(a), Some(b)) if a == b => {}
            (Some(a), Some(b)) => faults.push(format!("{key}: variables {a:?} in uk, {b:?} in en")),
            (None, _) => faults.push(format!("{key}: missing in uk")),
            (_, None) => faults.push(format!("{key}: missing in en")),
        }
    }
    faults
}

/// Each message's key with the variables in it.
fn variables(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = String::new();
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        let starts = line.starts_with(|c: char| c.is_ascii_alphabetic());
        if let (true, Some((key, _))) = (starts, line.split_once('=')) {
            current = key.trim().to_owned();
            found.entry(current.clone()).or_default();
        }
        for piece in line.split('$').skip(1) {
            let name = piece.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').next();
            found.entry(current.clone()).or_default().extend(name.map(str::to_owned));
        }
    }
    found
}

/// Words in one language: first the console's own phrases, then this crate's. Cheap to copy; in a template
/// `{{ page.t.text("save") }}`, `{{ page.t.count("waiting", n) }}`.
#[derive(Clone, Copy)]
pub struct Texts {
    /// The language.
    pub lang: Lang,
    own: Option<&'static Phrases>,
}

impl Texts {
    /// This crate's phrases alone.
    pub const fn new(lang: Lang) -> Self {
        Self { lang, own: None }
    }

    /// A console's phrases before this crate's: `Texts::with_own(lang, &crate::PHRASES)`.
    pub fn with_own(lang: Lang, own: &'static Phrases) -> Self {
        Self { lang, own: Some(own) }
    }

    /// A phrase without variables. A key that is nowhere comes back as `⟦key⟧`, which a test can look for.
    pub fn text(&self, key: &str) -> String {
        self.find(key, None)
    }

    /// A phrase with the number `$n`, in the plural form that the language wants.
    pub fn count(&self, key: &str, n: impl Display) -> String {
        let mut args = FluentArgs::new();
        let n = n.to_string();
        args.set("n", Value::try_number(&n));
        self.find(key, Some(&args))
    }

    /// A phrase with one text variable.
    pub fn with(&self, key: &str, name: &'static str, value: impl Display) -> String {
        let mut args = FluentArgs::new();
        args.set(name, value.to_string());
        self.find(key, Some(&args))
    }

    /// A phrase with any variables: `say("sending", &[("n", 2.into()), ("of", 3.into())])`.
    pub fn say(&self, key: &str, values: &[(&'static str, Value<'_>)]) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in values {
            args.set(*name, value.clone());
        }
        self.find(key, Some(&args))
    }

    fn find(&self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let own = self.own.and_then(|phrases| phrases.find(self.lang, key, args));
        own.or_else(|| PHRASES.find(self.lang, key, args)).unwrap_or_else(|| format!("⟦{key}⟧"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_every_key_with_the_same_variables() {
        assert_eq!(PHRASES.faults(), &[] as &[String]);
    }

    #[test]
    fn faults_are_found() {
        let broken = Phrases::new("a = { $n } x\nb = б\n", "a = { $m } x\nc = c\nd { = x\n");
        let faults = broken.faults().join("\n");
        for part in ["a: variables", "b: missing in en", "c: missing in uk", "en: "] {
            assert!(faults.contains(part), "{part} not in {faults}");
        }
    }

    #[test]
    fn ukrainian_plurals() {
        let uk = Texts::new(Lang::Uk);
        let said: Vec<String> = [0, 1, 2, 5, 11, 21, 22, 25, 112].iter().map(|n| uk.count("requests", n)).collect();
        assert_eq!(
            said,
            [
                "0 звернень",
                "1 звернення",
                "2 звернення",
                "5 звернень",
                "11 звернень",
                "21 звернення",
                "22 звернення",
                "25 звернень",
                "112 звернень"
            ]
        );
        assert_eq!(Texts::new(Lang::En).count("requests", 1), "1 request");
    }

    #[test]
    fn own_phrases_come_first_and_a_missing_key_shows() {
        static OWN: LazyLock<Phrases> = LazyLock::new(|| Phrases::new("save = Записати\n", "save = Write\n"));
        let texts = Texts::with_own(Lang::Uk, &OWN);
        assert_eq!(texts.text("save"), "Записати");
        assert_eq!(texts.text("change"), "Змінити");
        assert_eq!(texts.text("no-such-key"), "⟦no-such-key⟧");
    }
}
