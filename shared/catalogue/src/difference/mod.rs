//! What changed between two releases, in words that an administrator checks and an officer reads.

mod frame;
mod service;

use jiff::civil::Date;

use crate::catalogue::Catalogue;
use crate::text::Text;

/// One thing that changed: a service, a base of fees, the calendar, …
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What happened to it.
    pub kind: ChangeKind,
    /// Slug of the service, if it is one.
    pub slug: Option<String>,
    /// What it is about: «Житлова субсидія».
    pub subject: Text,
    /// Each part of it that changed: «строк: 10 робочих днів → 7 робочих днів».
    pub details: Vec<Text>,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It differs.
    Changed,
}

impl Change {
    /// In one line: «Житлова субсидія: строк 10 робочих днів → 7 робочих днів; нове: …».
    pub fn words(&self) -> Text {
        let (uk, en) = match self.kind {
            ChangeKind::Added => ("додано", "added"),
            ChangeKind::Removed => ("прибрано", "removed"),
            ChangeKind::Changed => ("змінено", "changed"),
        };
        if self.details.is_empty() {
            return Text::new(format!("{}: {uk}", self.subject.uk), format!("{}: {en}", self.subject.en));
        }
        let all = |get: fn(&Text) -> &str| self.details.iter().map(get).collect::<Vec<_>>().join("; ");
        Text::new(
            format!("{}: {}", self.subject.uk, all(|text| &text.uk)),
            format!("{}: {}", self.subject.en, all(|text| &text.en)),
        )
    }
}

/// Everything that changed: services in the new order, removed ones after them, then what all services share.
pub fn difference(old: &Catalogue, new: &Catalogue) -> Vec<Change> {
    let (mut shared, mut services) = (frame::changes(old, new), Vec::new());
    for service in new.services() {
        match old.service(&service.slug) {
            Some(_) => services.extend(service_difference(old, new, &service.slug)),
            None => services.push(whole(ChangeKind::Added, &service.slug, &service.name)),
        }
    }
    let gone = old.services().iter().filter(|service| new.service(&service.slug).is_none());
    services.extend(gone.map(|service| whole(ChangeKind::Removed, &service.slug, &service.name)));
    services.append(&mut shared);
    services
}

/// What changed in one service, as for a draft that moves to another release; `None` if nothing did, and for a service
/// that neither has.
pub fn service_difference(old: &Catalogue, new: &Catalogue, slug: &str) -> Option<Change> {
    match (old.service(slug), new.service(slug)) {
        (Some(before), Some(after)) => {
            let details = service::details((old, before), (new, after));
            let subject = after.name.clone();
            let slug = Some(slug.to_owned());
            (!details.is_empty()).then_some(Change { kind: ChangeKind::Changed, slug, subject, details })
        }
        (None, Some(after)) => Some(whole(ChangeKind::Added, slug, &after.name)),
        (Some(before), None) => Some(whole(ChangeKind::Removed, slug, &before.name)),
        (None, None) => None,
    }
}

fn whole(kind: ChangeKind, slug: &str, name: &Text) -> Change {
    Change { kind, slug: Some(slug.to_owned()), subject: name.clone(), details: Vec::new() }
}

/// Details of one subject as they are found.
#[derive(Default)]
struct Details(Vec<Text>);

impl Details {
    /// «строк: 10 робочих днів → 7 робочих днів», if the two differ.
    fn turned(&mut self, what: [&str; 2], before: &Text, after: &Text) {
        if before != after {
            self.0.push(Text::new(
                format!("{}: {} → {}", what[0], before.uk, after.uk),
                format!("{}: {} → {}", what[1], before.en, after.en),
            ));
        }
    }

    /// «підстави змінено», for what is too long to be shown twice.
    fn touched(&mut self, differs: bool, what: [&str; 2]) {
        if differs {
            self.0.push(Text::new(what[0], what[1]));
        }
    }

    /// What nothing above has a sentence for is never passed over in silence.
    fn rest(&mut self, differs: bool) {
        self.touched(differs && self.0.is_empty(), ["інші зміни", "other changes"]);
    }

    fn say(&mut self, uk: String, en: String) {
        self.0.push(Text::new(uk, en));
    }

    /// «нове: довідка; прибрано: копія» for two lists of texts.
    fn listed(&mut self, what: [&str; 2], before: &[Text], after: &[Text]) {
        for (all, others, uk, en) in [(after, before, "нове", "new"), (before, after, "прибрано", "removed")]
        {
            for one in all.iter().filter(|one| !others.contains(one)) {
                self.say(format!("{}, {uk}: {}", what[0], one.uk), format!("{}, {en}: {}", what[1], one.en));
            }
        }
    }
}

fn nothing() -> Text {
    Text::new("немає", "none")
}

fn yes_no(value: bool) -> Text {
    if value { Text::new("так", "yes") } else { Text::new("ні", "no") }
}

fn day(date: Date) -> String {
    date.strftime("%d.%m.%Y").to_string()
}
