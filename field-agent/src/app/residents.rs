//! Residents: found as one types, shown with everything that is known of them, joined where two records are one person.

use super::consultations::ConsultationRow;
use super::list::ListRow;
use super::pages_form::Words;
use super::visits::VisitShown;
use super::{Agent, AppError, ResidentChoice};
use ids::RecordId;
use peer::{Filter, Order, PeerError, RecordRow};
use records::commands::{ResidentCommand, edit_resident};
use records::fields::in_ukrainian_layout;
use records::schema::Kind;
use records::view::ResidentView;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// So many matches of a search are looked through for records of one person.
const LOOKED_THROUGH: usize = 300;
/// So many pairs are shown at once.
const PAIRS: usize = 30;

/// Everything about one resident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResidentPage {
    /// Who.
    pub who: ResidentChoice,
    /// What is known, label and text, in the order of the schema.
    pub facts: Vec<(Words, String)>,
    /// People wrote something different about this person, and nobody has chosen yet.
    pub differs: bool,
    /// Records that are the same person, with who said so when and why.
    pub joined: Vec<Joined>,
    /// Records that may be the same person.
    pub alike: Vec<Pair>,
    /// Requests, the newest first.
    pub requests: Vec<ListRow>,
    /// Visits, the newest first.
    pub visits: Vec<VisitShown>,
    /// Consultations, the newest first.
    pub consultations: Vec<ConsultationRow>,
}

/// Another record of the same person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// The other record.
    pub other: ResidentChoice,
    /// When they were joined, device time, ms since 1970.
    pub at: i64,
    /// Login of who joined them.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// Two records that may be one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The older record.
    pub one: ResidentChoice,
    /// The newer one.
    pub other: ResidentChoice,
    /// Why they may be one.
    pub likeness: Likeness,
    /// What is known of each and differs: label, the one's text, the other's.
    pub differs: Vec<(Words, String, String)>,
}

/// Why two records may be one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// The same РНОКПП or УНЗР.
    SameNumber,
    /// The same name and date of birth.
    SameNameAndBirth,
    /// The same surname and given name; nothing that excludes it.
    Similar,
}

impl Agent {
    /// Residents whose name, number, telephone or address fits the words, each person once. A text in the wrong layout
    /// finds what was meant.
    pub fn resident_choices(&self, words: &str, offset: usize) -> Result<(Vec<ResidentChoice>, u64), AppError> {
        let found = self.matching(words, offset)?;
        if found.1 == 0
            && let Some(meant) = in_ukrainian_layout(words)
        {
            return self.matching(&meant, offset);
        }
        Ok(found)
    }

    fn matching(&self, words: &str, offset: usize) -> Result<(Vec<ResidentChoice>, u64), AppError> {
        let filter = Filter { kind: Some(Kind::Resident), words: search_words(words), ..Filter::default() };
        Ok(self.peer.read(|view| {
            let total = view.count(&filter)?;
            let few = total <= LOOKED_THROUGH as u64;
            let (from, most) = if few { (0, LOOKED_THROUGH) } else { (offset, Self::RESIDENTS_ON_A_PAGE) };
            let (mut people, mut seen, mut count) = (Vec::new(), BTreeSet::new(), total);
            for row in view.list(&filter, Order::Title, from, most)? {
                // Few matches are counted by people; of very many only those of the page are.
                if row.joined_with().any(|other| seen.contains(&other)) {
                    count = count.saturating_sub(1);
                    continue;
                }
                seen.insert(row.record);
                people.push(row.record);
            }
            let skip = if few { offset } else { 0 };
            let mut found = Vec::new();
            for record in people.into_iter().skip(skip).take(Self::RESIDENTS_ON_A_PAGE) {
                let resident = ResidentView::read(&view.document(record)?, &|_| false);
                found.push(self.resident_choice(record, &resident));
            }
            Ok((found, count))
        })?)
    }

    /// The page of a resident.
    pub fn resident_page(&self, record: &str) -> Result<ResidentPage, AppError> {
        let (id, view) = self.resident(record)?;
        let officers: Vec<Joined> = view
            .joined_with()
            .into_iter()
            .filter_map(|other| {
                let event = view.same_as.iter().rev().find(|event| event.other == other && event.joined)?;
                let (_, there) = self.resident(&other.to_string()).ok()?;
                Some(Joined {
                    other: self.resident_choice(other, &there),
                    at: event.at,
                    by: event.by.clone(),
                    reason: event.reason.clone(),
                })
            })
            .collect();
        let mut all = vec![id];
        all.extend(view.joined_with());
        Ok(ResidentPage {
            who: self.resident_choice(id, &view),
            facts: self.resident_facts(&view),
            differs: !view.differences.is_empty(),
            joined: officers,
            alike: self.alike(id, &view)?,
            requests: self.requests_of_resident(record)?,
            visits: self.visits_of_resident(&all)?,
            consultations: self.consultations_of_resident(record)?,
        })
    }

    pub(super) fn resident(&self, record: &str) -> Result<(RecordId, ResidentView), AppError> {
        let missing =
            || AppError::input("такого мешканця тут немає: знайдіть його знову", "no such resident here: look again");
        let id = self.resident_id(record).ok_or_else(missing)?;
        let view = self.peer.read(|view| match view.row(id)?.filter(|row| row.kind == Kind::Resident) {
            Some(_) => Ok(Some(ResidentView::read(&view.document(id)?, &|_| false))),
            None => Ok(None),
        })?;
        Ok((id, view.ok_or_else(missing)?))
    }

    fn resident_facts(&self, view: &ResidentView) -> Vec<(Words, String)> {
        let fields = records::schema::table(Kind::Resident).filter_map(|field| match field.key {
            records::schema::Key::One(key) => Some((key, field)),
            _ => None,
        });
        let quiet = ["v", "id", "created", "officer", "officer_name", "suitcase"];
        let shown = fields
            .filter(|(key, _)| !quiet.contains(key) && !key.starts_with("pr.") && !key.starts_with("pa."))
            .filter_map(|(key, field)| {
                let register = view.registers.get(key)?;
                let all: Vec<String> = register.values.iter().map(|written| written.value.to_string()).collect();
                let text = all.join(" / ");
                (!text.is_empty()).then(|| (Words::new(field.uk, field.en), self.resident_text(key, text)))
            });
        let mut rows: Vec<(Words, String)> = shown.collect();
        let homes = [
            (&view.registered, "зареєстроване місце проживання", "registered address"),
            (&view.actual, "фактичне місце проживання", "actual address"),
        ];
        for (address, uk, en) in homes {
            let place = match address.place.text() {
                "" => self.place_named(address.katottg.text()).unwrap_or_default(),
                _ => String::new(),
            };
            let line = [place, address.line()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
            if !line.is_empty() {
                rows.push((Words::new(uk, en), line.join(", ")));
            }
        }
        rows
    }

    pub(super) fn resident_text(&self, key: &str, text: String) -> String {
        match (key, text.as_str()) {
            ("a.norn", "true") => "так".into(),
            ("a.sex", "f") => "жіноча".into(),
            ("a.sex", "m") => "чоловіча".into(),
            ("a.seen", "original") => "за оригіналом документа".into(),
            ("a.seen", "chip") => "за чипом документа".into(),
            ("a.seen", "diia") => "у Дії".into(),
            ("a.seen", "none") => "не встановлено".into(),
            ("a.doc", code) => {
                records::fields::DocumentKind::from_text(code).map_or(text.clone(), |kind| kind.label().0.into())
            }
            _ => text,
        }
    }

    /// The words by which what names a resident's record is found: people change their names.
    pub(super) fn words_of(residents: &[RecordId]) -> Vec<Vec<String>> {
        let word = |id: &RecordId| records::fold::words(&records::projection::record_word(&id.to_string()));
        residents.iter().map(word).collect()
    }

    /// These words, and the folded surnames, by which what names nobody's record may be about them.
    pub(super) fn names_of(&self, residents: &[RecordId]) -> Result<Vec<Vec<String>>, AppError> {
        let mut names = BTreeSet::from_iter(Self::words_of(residents));
        for id in residents {
            if let Ok((_, view)) = self.resident(&id.to_string()) {
                names.insert(records::fold::words(view.person.last.text()));
            }
        }
        names.retain(|words| !words.is_empty());
        Ok(names.into_iter().collect())
    }

    /// The requests of a resident and of the records that are the same person, the newest first.
    pub fn requests_of_resident(&self, record: &str) -> Result<Vec<ListRow>, AppError> {
        let (id, view) = self.resident(record)?;
        let mut all = vec![id];
        all.extend(view.joined_with());
        let names: Vec<String> = all.iter().map(ToString::to_string).collect();
        let words = Self::words_of(&all);
        let rows = self.peer.read(|view| {
            let mut rows: Vec<RecordRow> = Vec::new();
            for words in words {
                let filter = Filter { kind: Some(Kind::Request), words, ..Filter::default() };
                for row in view.list(&filter, Order::Newest, 0, LOOKED_THROUGH)? {
                    let document = view.document(row.record)?;
                    let request = records::view::RequestView::read(&document, &|_| false);
                    let own = names.iter().any(|name| request.applicant.resident.text() == name);
                    if own && rows.iter().all(|other| other.record != row.record) {
                        rows.push(row);
                    }
                }
            }
            rows.sort_by_key(|row| std::cmp::Reverse(row.created));
            let placed = rows.into_iter().map(|row| Ok((super::request::Where::of_row(view, &row)?, row)));
            placed.collect::<Result<Vec<_>, PeerError>>()
        })?;
        Ok(rows.into_iter().map(|(place, row)| self.list_row(row, place)).collect())
    }

    /// Records that may be the same person as this one; those about which a person has decided are left out.
    fn alike(&self, id: RecordId, view: &ResidentView) -> Result<Vec<Pair>, AppError> {
        let mut queries = vec![view.person.rnokpp.text().to_owned(), view.person.unzr.text().to_owned()];
        queries.push(format!("{} {}", view.person.last.text(), view.person.first.text()));
        queries.retain(|query| !query.trim().is_empty());
        let mut found: BTreeMap<RecordId, ResidentView> = BTreeMap::new();
        self.peer.read(|reader| {
            for query in &queries {
                let filter =
                    Filter { kind: Some(Kind::Resident), words: records::fold::words(query), ..Filter::default() };
                for row in reader.list(&filter, Order::Title, 0, PAIRS)? {
                    if row.record != id && !found.contains_key(&row.record) {
                        let other = ResidentView::read(&reader.document(row.record)?, &|_| false);
                        found.insert(row.record, other);
                    }
                }
            }
            Ok(())
        })?;
        let pairs = found.iter().filter_map(|(other, there)| self.pair((id, view), (*other, there)));
        let mut pairs: Vec<Pair> = pairs.collect();
        pairs.sort_by_key(|pair| pair.likeness);
        Ok(pairs)
    }

    fn pair(&self, one: (RecordId, &ResidentView), other: (RecordId, &ResidentView)) -> Option<Pair> {
        let decided = one.1.same_as.iter().any(|event| event.other == other.0);
        let likeness = likeness(one.1, other.1).filter(|_| !decided)?;
        Some(Pair {
            one: self.resident_choice(one.0, one.1),
            other: self.resident_choice(other.0, other.1),
            likeness,
            differs: self.differing(one.1, other.1),
        })
    }

    /// What is known of either and is not the same.
    fn differing(&self, one: &ResidentView, other: &ResidentView) -> Vec<(Words, String, String)> {
        let (one, other) = (self.resident_facts(one), self.resident_facts(other));
        let text = |all: &[(Words, String)], label: &Words| {
            all.iter().find(|(own, _)| own == label).map(|(_, text)| text.clone()).unwrap_or_default()
        };
        let mut labels: Vec<Words> = Vec::new();
        for (label, _) in one.iter().chain(&other) {
            if !labels.contains(label) {
                labels.push(label.clone());
            }
        }
        let rows = labels.into_iter().map(|label| (label.clone(), text(&one, &label), text(&other, &label)));
        rows.filter(|(_, a, b)| records::fold::fold(a) != records::fold::fold(b)).collect()
    }

    /// Pairs of residents that may be one person, the surest first, and whether these are all.
    pub fn duplicates(&self) -> Result<(Vec<Pair>, bool), AppError> {
        let (near, more) = self.peer.read(|view| {
            let (rows, more) = view.alike_people(PAIRS * 4)?;
            let mut read: BTreeMap<RecordId, ResidentView> = BTreeMap::new();
            let mut near = Vec::new();
            for (one, other) in rows {
                for record in [one.record, other.record] {
                    if let Entry::Vacant(place) = read.entry(record) {
                        place.insert(ResidentView::read(&view.document(record)?, &|_| false));
                    }
                }
                if likeness(&read[&one.record], &read[&other.record]).is_some() {
                    near.push((one.record, other.record));
                }
                if near.len() > PAIRS {
                    break;
                }
            }
            let pairs: Vec<_> = near.into_iter().map(|(a, b)| ((a, read[&a].clone()), (b, read[&b].clone()))).collect();
            Ok((pairs, more))
        })?;
        let all = !more && near.len() <= PAIRS;
        let shown = near.iter().take(PAIRS);
        let mut pairs: Vec<Pair> =
            shown.filter_map(|(one, other)| self.pair((one.0, &one.1), (other.0, &other.1))).collect();
        pairs.sort_by_key(|pair| pair.likeness);
        Ok((pairs, all))
    }

    /// A person decided that two records are one person, or are not: written on both, and on those that each of them
    /// was joined with, so that every record names all others.
    pub fn same_person(&self, one: &str, other: &str, same: bool, reason: &str) -> Result<(), AppError> {
        let ((one, here), (other, there)) = (self.resident(one)?, self.resident(other)?);
        let group = |id: RecordId, view: &ResidentView| {
            let mut all = view.joined_with();
            all.push(id);
            all
        };
        let (mut left, mut right) = (group(one, &here), group(other, &there));
        if !same {
            // The other record leaves all that it was joined with: joined to some of them only, it would be both.
            left = if left.contains(&other) { left } else { vec![one] };
            left.retain(|id| *id != other);
            right = vec![other];
        }
        let reason = reason.trim().to_owned();
        let mut todo: Vec<(RecordId, RecordId)> = Vec::new();
        for a in &left {
            for b in &right {
                todo.extend([(*a, *b), (*b, *a)]);
            }
        }
        self.peer.act(move |act| {
            for (on, about) in todo {
                let command = if same {
                    ResidentCommand::SameAs { other: about, reason: reason.clone() }
                } else {
                    ResidentCommand::NotSameAs { other: about, reason: reason.clone() }
                };
                act.command(on, |document, is_desk, who| {
                    let view = ResidentView::read(document, is_desk);
                    // Written already on one of the two, by another suitcase: the other still needs it.
                    let joined = view.joined_with().contains(&about);
                    let is_named = [(one, other), (other, one)].contains(&(on, about));
                    if (same && joined) || (!same && !joined && !is_named) {
                        return Ok(None);
                    }
                    edit_resident(document, is_desk, who, &command)
                })?;
            }
            Ok(())
        })?;
        self.recorded();
        Ok(())
    }
}

/// What people type to find somebody: a telephone without its country finds the one that is kept with it.
fn search_words(words: &str) -> Vec<String> {
    let digits: String = words.chars().filter(char::is_ascii_digit).collect();
    let plain = words.chars().all(|c| c.is_ascii_digit() || " ()-–+.\u{a0}".contains(c));
    if plain && digits.len() >= 4 && digits.starts_with('0') {
        return vec![format!("38{digits}")];
    }
    // A number typed in groups is one number.
    if plain && digits.len() >= 4 {
        return vec![digits];
    }
    records::fold::words(words)
}

fn likeness(one: &ResidentView, other: &ResidentView) -> Option<Likeness> {
    let (a, b) = (&one.person, &other.person);
    let same = |x: &str, y: &str| !x.is_empty() && records::fold::fold(x) == records::fold::fold(y);
    let differ = |x: &str, y: &str| !x.is_empty() && !y.is_empty() && records::fold::fold(x) != records::fold::fold(y);
    if same(a.rnokpp.text(), b.rnokpp.text()) || same(a.unzr.text(), b.unzr.text()) {
        return Some(Likeness::SameNumber);
    }
    let named = same(a.last.text(), b.last.text()) && same(a.first.text(), b.first.text());
    if !named || differ(a.patronymic.text(), b.patronymic.text()) {
        return None;
    }
    if same(a.born.text(), b.born.text()) {
        return Some(Likeness::SameNameAndBirth);
    }
    let excluded = differ(a.born.text(), b.born.text()) && differ(a.rnokpp.text(), b.rnokpp.text());
    (!excluded).then_some(Likeness::Similar)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{agent, sample_form};

    /// The same person twice: once without a number.
    fn twice(agent: &Agent) -> (String, String) {
        let first = agent.save(&sample_form(), None).unwrap().resident;
        let mut form = sample_form();
        form.fields.remove("a.rnokpp");
        form.fields.insert("a.last".into(), "КОВАЛЕНКО".into());
        form.accepted.insert("a.last".into(), "так у паспорті".into());
        form.fields.insert("phone".into(), "+380501112233".into());
        let second = agent.save(&form, None).unwrap().resident;
        assert_ne!(first, second);
        (first, second)
    }

    #[test]
    fn one_person_with_two_records_is_found_once_after_a_person_joined_them() {
        let (bench, agent) = agent();
        let (first, second) = twice(&agent);
        assert_eq!(agent.resident_choices("коваленко", 0).unwrap().1, 2);
        let (pairs, all) = agent.duplicates().unwrap();
        assert!(all && pairs.len() == 1 && pairs[0].likeness == Likeness::SameNameAndBirth, "{pairs:?}");
        assert!(pairs[0].differs.iter().any(|(label, _, _)| label.uk == "телефон"), "{:?}", pairs[0].differs);
        assert!(agent.same_person(&first, &second, true, " ").is_err(), "a reason is wanted");
        assert!(agent.same_person(&first, &first, true, "та сама").is_err());
        agent.same_person(&first, &second, true, "той самий паспорт").unwrap();
        let (found, count) = agent.resident_choices("коваленко", 0).unwrap();
        assert_eq!((found.len(), count), (1, 1));
        assert!(agent.duplicates().unwrap().0.is_empty());
        for record in [&first, &second] {
            let page = agent.resident_page(record).unwrap();
            assert_eq!((page.joined.len(), page.requests.len(), page.visits.len()), (1, 2, 2), "{record}");
            assert_eq!((page.joined[0].reason.as_str(), page.joined[0].by.as_str()), ("той самий паспорт", "olena"));
        }
        bench.clock.advance(std::time::Duration::from_secs(60));
        agent.same_person(&second, &first, false, "це сестри").unwrap();
        assert_eq!(agent.resident_choices("коваленко", 0).unwrap().1, 2);
        assert!(agent.duplicates().unwrap().0.is_empty(), "a person has decided");
        let page = agent.resident_page(&first).unwrap();
        assert!(page.joined.is_empty() && page.alike.is_empty() && page.requests.len() == 1);
    }

    #[test]
    fn two_that_are_not_one_are_said_to_be_two_from_the_first() {
        let (bench, agent) = agent();
        let (first, second) = twice(&agent);
        agent.same_person(&first, &second, false, "мати й донька").unwrap();
        bench.clock.advance(std::time::Duration::from_secs(60));
        assert!(agent.duplicates().unwrap().0.is_empty());
        assert!(agent.resident_page(&second).unwrap().alike.is_empty());
        agent.same_person(&first, &second, true, "помилилися, це вона").unwrap();
        assert_eq!(agent.resident_page(&second).unwrap().joined.len(), 1);
    }

    #[test]
    fn a_number_a_name_and_a_birth_say_who_may_be_one() {
        let (_bench, agent) = agent();
        let save = |changes: &[(&str, &str)]| {
            let mut form = sample_form();
            for (key, text) in changes {
                form.fields.insert((*key).into(), (*text).into());
            }
            for finding in agent.check(&form).unwrap().findings {
                form.accepted.insert(finding.key, "так у документі".into());
            }
            agent.save(&form, None).unwrap().resident
        };
        let hanna = save(&[]);
        // Married: the number tells. A namesake with another patronymic is somebody else, and so is one of another
        // number and birth. One of the same birth and a mistyped number may be her.
        let married = save(&[("a.last", "Ткаченко")]);
        save(&[("a.patr", "Іванівна"), ("a.rnokpp", ""), ("a.dob", "1950-01-02")]);
        save(&[("a.rnokpp", "2932001234"), ("a.dob", "1980-04-10")]);
        let mistyped = save(&[("a.rnokpp", "1408212321")]);
        let (pairs, all) = agent.duplicates().unwrap();
        let found: Vec<(Likeness, BTreeSet<&str>)> = pairs
            .iter()
            .map(|pair| (pair.likeness, [pair.one.record.as_str(), pair.other.record.as_str()].into()))
            .collect();
        assert!(all);
        assert_eq!(
            found,
            [
                (Likeness::SameNumber, [hanna.as_str(), married.as_str()].into()),
                (Likeness::SameNameAndBirth, [hanna.as_str(), mistyped.as_str()].into()),
            ]
        );
    }

    #[test]
    fn a_third_record_is_joined_with_all_of_the_group() {
        let (bench, agent) = agent();
        let (first, second) = twice(&agent);
        agent.same_person(&first, &second, true, "той самий паспорт").unwrap();
        let mut form = sample_form();
        form.fields.remove("a.rnokpp");
        form.fields.remove("a.dob");
        let third = agent.save(&form, None).unwrap().resident;
        assert_eq!(agent.resident_page(&third).unwrap().alike.len(), 2);
        agent.same_person(&third, &second, true, "упізнала сусідка").unwrap();
        for record in [&first, &second, &third] {
            assert_eq!(agent.resident_page(record).unwrap().joined.len(), 2, "{record}");
        }
        assert_eq!(agent.resident_choices("", 0).unwrap().1, 1);
        // One that is somebody else leaves both, and the two stay joined.
        bench.clock.advance(std::time::Duration::from_secs(60));
        agent.same_person(&first, &second, false, "це сестри").unwrap();
        let joined = |record: &str| agent.resident_page(record).unwrap().joined.len();
        assert_eq!((joined(&first), joined(&third), joined(&second)), (1, 1, 0));
        assert_eq!(agent.resident_choices("", 0).unwrap().1, 2);
    }

    #[test]
    fn a_resident_is_found_as_people_type() {
        let (_bench, agent) = agent();
        let mut form = sample_form();
        form.fields.insert("a.last".into(), "Дем'яненко".into());
        agent.save(&form, None).unwrap();
        for words in [
            "демян",
            "Дем’яненко",
            "ганна дем",
            "140 821",
            "1408212320",
            "067 123 45",
            "0671234567",
            "+380 67 123",
            "ltv",
            "садова",
        ] {
            assert_eq!(agent.resident_choices(words, 0).unwrap().1, 1, "{words}");
        }
        for words in ["іваненко", "999999", "\"; drop", "\u{202e}"] {
            assert!(agent.resident_choices(words, 0).unwrap().1 <= 1, "{words}");
        }
        assert_eq!(agent.resident_choices("іваненко", 0).unwrap().1, 0);
    }
}
