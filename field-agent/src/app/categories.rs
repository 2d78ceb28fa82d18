//! Why somebody is served at home: categories and the proofs that fit them.
//!
//! No law lists them: communities publish lists of their own, and the lists grow. The one that ships is data
//! (`field-agent/data/categories.json`), and a suitcase may be told more under the name [`KEY`].

use super::pages_form::Words;
use super::{Agent, AppError};
use serde::Deserialize;

/// The JSON that was shipped.
const SHIPPED: &str = include_str!("../../data/categories.json");
/// The value of the store with a community's own categories, in the form of the shipped ones; one with a shipped id
/// takes its place.
const KEY: &str = "agent categories";
/// The field of a request holds so many bytes of codes.
const MAX_CODE: usize = 24;

/// One category.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Its code: small Latin letters and digits.
    pub id: String,
    uk: String,
    en: String,
    /// It reveals something about health.
    #[serde(default)]
    pub health: bool,
    /// What proves it.
    #[serde(default)]
    pub proofs: Vec<Proof>,
}

/// What proves a category.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// Its code.
    pub id: String,
    uk: String,
    en: String,
}

impl Category {
    /// In words.
    pub fn words(&self) -> Words {
        Words::new(self.uk.as_str(), self.en.as_str())
    }
}

impl Proof {
    /// In words.
    pub fn words(&self) -> Words {
        Words::new(self.uk.as_str(), self.en.as_str())
    }
}

/// Reads a list; the error says what is wrong with it.
fn read(text: &str) -> Result<Vec<Category>, String> {
    let all: Vec<Category> = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let is_code = |code: &str| {
        (1..=MAX_CODE).contains(&code.len())
            && code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    for one in &all {
        if let Some(code) = std::iter::once(&one.id).chain(one.proofs.iter().map(|p| &p.id)).find(|c| !is_code(c)) {
            return Err(format!("«{code}»: код — до {MAX_CODE} малих латинських літер, цифр, дефісів"));
        }
        if one.uk.trim().is_empty() || one.en.trim().is_empty() {
            return Err(format!("«{}»: немає назви двома мовами", one.id));
        }
    }
    Ok(all)
}

impl Agent {
    /// All categories, the shipped ones first.
    pub fn categories(&self) -> Result<Vec<Category>, AppError> {
        let mut all = read(SHIPPED).map_err(AppError::Input)?;
        let own = self.peer.read(|view| view.value(KEY))?;
        let own = own.and_then(|bytes| String::from_utf8(bytes).ok()).and_then(|text| read(&text).ok());
        for one in own.unwrap_or_default() {
            match all.iter_mut().find(|shipped| shipped.id == one.id) {
                Some(shipped) => *shipped = one,
                None => all.push(one),
            }
        }
        Ok(all)
    }

    /// Keeps a community's own categories, as JSON in the form of the shipped file.
    pub fn set_categories(&self, json: &str) -> Result<usize, AppError> {
        let wrong = |why: String| {
            AppError::input(
                format!("перелік категорій не прочитано: {why}"),
                "the list of categories is not in the form of field-agent/data/categories.json",
            )
        };
        let all = read(json).map_err(wrong)?;
        let bytes = json.as_bytes().to_vec();
        self.peer.act(move |act| act.put_value(KEY, &bytes))?;
        Ok(all.len())
    }

    /// A category's code in words; the code itself where nobody knows it.
    pub fn category_words(&self, code: &str) -> Words {
        let all = self.categories().unwrap_or_default();
        all.iter().find(|one| one.id == code).map_or_else(|| Words::new(code, code), Category::words)
    }

    /// A proof's code in words; the text itself where it is no code.
    pub fn proof_words(&self, code: &str) -> Words {
        let all = self.categories().unwrap_or_default();
        let proof = all.iter().flat_map(|one| &one.proofs).find(|proof| proof.id == code);
        proof.map_or_else(|| Words::new(code, code), Proof::words)
    }
}

/// The codes in a request's field `a.cat`.
pub(super) fn codes(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|code| !code.is_empty())
}

#[cfg(test)]
mod tests {

    use crate::app::testing::agent;

    #[test]
    fn the_shipped_list_reads_and_a_community_adds_its_own() {
        let (_bench, agent) = agent();
        let shipped = agent.categories().unwrap();
        assert!(shipped.len() > 10 && shipped.iter().all(|one| !one.proofs.is_empty()));
        assert_eq!(agent.category_words("age").uk.split(' ').next(), Some("похилий"));
        assert_eq!(agent.category_words("нова").uk, "нова");
        let own = r#"[{"id": "age", "uk": "75 років і старше", "en": "75 and over"},
                      {"id": "guardian", "uk": "опікун", "en": "guardian", "proofs": [{"id": "order", "uk": "рішення", "en": "order"}]}]"#;
        assert_eq!(agent.set_categories(own).unwrap(), 2);
        let all = agent.categories().unwrap();
        assert_eq!(all.len(), shipped.len() + 1);
        assert_eq!(
            (agent.category_words("age").uk.as_str(), agent.proof_words("order").uk.as_str()),
            ("75 років і старше", "рішення")
        );
        for wrong in
            ["", "{", "[{}]", r#"[{"id": "A B", "uk": "а", "en": "a"}]"#, r#"[{"id": "a", "uk": " ", "en": "a"}]"#]
        {
            let refused = agent.set_categories(wrong).unwrap_err().to_string();
            assert!(refused.contains(" / "), "{refused}");
        }
        assert_eq!(agent.categories().unwrap().len(), all.len(), "a wrong list changes nothing");
    }
}
