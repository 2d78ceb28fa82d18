//! The report on a lost suitcase: whose data are on it, what may never have arrived, which numbers are in doubt.

use super::accounts::Rank;
use super::administration::AdministrationFact;
use super::numbers::{places_text, skipped};
use super::suitcases::{SuitcaseRow, no_suitcase};
use super::traces::How;
use super::unread::{self, Read, Unread};
use super::{Desk, DeskError, lost_people};
use ids::{ChainId, ReceiptNumber, RecordId};
use records::Kind;
use std::collections::{BTreeMap, BTreeSet};

/// Which kinds of data somebody can read who opens the suitcase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OnBoard {
    /// Name, date of birth, sex.
    Name,
    /// РНОКПП, УНЗР.
    Numbers,
    /// An identity document.
    Document,
    /// Addresses.
    Address,
    /// Telephone, e-mail.
    Contact,
    /// Special needs: data on health (article 7 of the law on personal data).
    Health,
    /// Category of eligibility.
    Category,
    /// What is asked for: services, answers, papers.
    Request,
}

impl OnBoard {
    /// Its name in JSON and in the keys of phrases.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Numbers => "numbers",
            Self::Document => "document",
            Self::Address => "address",
            Self::Contact => "contact",
            Self::Health => "health",
            Self::Category => "category",
            Self::Request => "request",
        }
    }
}

/// Somebody whose data are on the suitcase.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PersonOnBoard {
    /// Surname, given name, patronymic.
    pub name: String,
    /// `YYYY-MM-DD`; may be empty.
    pub born: String,
    /// A telephone to call; may be empty.
    pub phone: String,
    /// Numbers of requests.
    pub requests: Vec<String>,
    /// What of them is there.
    pub data: BTreeSet<OnBoard>,
    /// At least one record came from elsewhere: it was granted.
    pub granted: bool,
}

/// The report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostReport {
    /// The suitcase.
    pub suitcase: SuitcaseRow,
    /// Whose data are on it, by name: applicants, representatives, those named in answers. Two rows may be one person
    /// where nothing says so.
    pub people: Vec<PersonOnBoard>,
    /// Records on it that do not read at the centre: they may name people who are not among those above.
    pub unread: Vec<Unread>,
    /// Records on it: requests, residents, visits.
    pub records: usize,
    /// Records that were on it and that it gave up, by its own word; they are not among the others.
    pub given_up: usize,
    /// Its receipt numbers that arrived.
    pub used: Vec<String>,
    /// Those that it declared void, with why.
    pub void: Vec<(String, String)>,
    /// Numbers that it must have drawn and nobody knows: `7-211126-003`, without the last three characters; of several in
    /// a row the first and the last place, `7-211126-003…007`.
    pub doubtful: Vec<String>,
    /// Records of the report that it said it gave up after it was revoked: not believed, they are counted as on it.
    pub late_given_up: usize,
    /// Numbers that it declared void after it was revoked: not believed, whatever is not used of them stays in doubt.
    pub late_void: usize,
    /// Its entries are held up to this one.
    pub held: u64,
    /// Its last word that counts, ms since 1970: of a revoked one what it said until then.
    pub last_word: Option<i64>,
    /// Drafts on it at that word; they exist nowhere else.
    pub drafts: Option<u64>,
    /// What it wrote after this moment is unknown: its last word, else the last arrival; ms since 1970.
    pub unknown_after: Option<i64>,
}

impl Desk {
    /// Makes the report on suitcase `number`; of several that had the number, on the chain that is named, else on the
    /// last.
    pub fn lost_report(&self, by: &str, number: u16, chain: Option<ChainId>) -> Result<LostReport, DeskError> {
        self.must_be(by, Rank::Administrator)?;
        let of_number: Vec<SuitcaseRow> = self.suitcases()?.into_iter().filter(|row| row.number == number).collect();
        let named = of_number.iter().find(|row| Some(row.chain) == chain).or_else(|| of_number.last());
        let suitcase = named.cloned().ok_or_else(|| no_suitcase(number))?;
        let given_up = self.given_up(suitcase.chain)?;
        let (state, late_forgotten, late_void) = match self.stated()?.get(&suitcase.chain) {
            Some(said) => (said.believed_state.clone(), said.late.forgotten.clone(), said.late.voided.len()),
            None => (None, BTreeSet::new(), 0),
        };
        let last_word = state.as_ref().map(|state| state.at);
        let mut records = self.peer.read(|view| view.records_of(suitcase.chain))?;
        records.retain(|record| !given_up.contains(record));
        self.note_look(by, How::LostReport, &records, &number.to_string())?;
        let (people, unread) = self.people_of(&records, suitcase.chain)?;
        let (used, void) = self.numbers_of(suitcase.chain)?;
        let doubtful = doubtful(number, &used, &void);
        let late_given_up = records.iter().filter(|record| late_forgotten.contains(record)).count();
        Ok(LostReport {
            people,
            unread,
            records: records.len(),
            given_up: given_up.len(),
            used,
            void,
            doubtful,
            late_given_up,
            late_void,
            held: suitcase.entries,
            last_word,
            drafts: state.map(|state| state.drafts),
            unknown_after: last_word.max(suitcase.heard_at),
            suitcase,
        })
    }

    /// Notes that suitcase `number` is lost; what happened is said in words. It is revoked apart from this.
    pub fn report_lost(&self, by: &str, number: u16, what: &str) -> Result<(), DeskError> {
        self.must_be(by, Rank::Administrator)?;
        let what = what.trim();
        let what = what[..what.floor_char_boundary(chain::limits::SENTENCE)].trim_end().to_owned();
        if what.is_empty() {
            return Err(DeskError::refused("впишіть, що сталося", "write what happened"));
        }
        let rows = self.suitcases()?;
        let chain = rows.iter().rfind(|row| row.number == number).ok_or_else(|| no_suitcase(number))?.chain;
        self.decide(by, move |by, at| AdministrationFact::Lost { chain, what, by, at })
    }

    fn people_of(&self, records: &[RecordId], chain: ChainId) -> Result<Read<PersonOnBoard>, DeskError> {
        let (mut found, mut unread) = (Vec::new(), Vec::new());
        let register = self.peer.register()?;
        let is_desk = |chain| register.is_case(chain);
        for record in records {
            let read = self.peer.read(|view| match view.row(*record)? {
                Some(row) => Ok(Some((unread::document(view, *record), row))),
                None => Ok(None),
            })?;
            let (document, row) = match read {
                Some((Some(document), row)) => (document, row),
                Some((None, row)) => {
                    unread.push(Unread::of(&row));
                    continue;
                }
                None => continue,
            };
            for mut one in lost_people::persons(&document, &is_desk) {
                one.person.requests.extend(row.number.clone());
                one.person.granted = row.creator != chain;
                found.push(one);
            }
        }
        Ok((lost_people::joined(found), unread))
    }

    /// Numbers that the chain used, and those that it declared void.
    fn numbers_of(&self, chain: ChainId) -> Result<(Vec<String>, Voided), DeskError> {
        let filter = peer::Filter { kind: Some(Kind::Request), creators: vec![chain], ..peer::Filter::default() };
        let rows = self.peer.read(|view| view.list(&filter, peer::Order::Oldest, 0, usize::MAX >> 1))?;
        let mut used: Vec<String> = rows.into_iter().filter_map(|row| row.number).collect();
        let suitcase = Self::number_of(&*self.peer.register()?, chain);
        let of_it = |number: &String| number.parse::<ReceiptNumber>().is_ok_and(|one| Some(one.suitcase()) == suitcase);
        used.extend(self.erased_numbers()?.into_keys().filter(of_it));
        let void = self.stated()?.get(&chain).map(|stated| stated.voided.clone()).unwrap_or_default();
        Ok((used, void.into_iter().collect()))
    }
}

/// Numbers with the reason why each was not used.
type Voided = Vec<(String, String)>;

/// Of each day the numbers below the highest that is known, which are neither used nor void. Nobody speaks for another
/// suitcase's.
fn doubtful(suitcase: u16, used: &[String], void: &[(String, String)]) -> Vec<String> {
    let known = used.iter().chain(void.iter().map(|(number, _)| number));
    let mut days: BTreeMap<(u16, u8, u8), BTreeSet<u16>> = BTreeMap::new();
    let own = known.filter_map(|number| number.parse::<ReceiptNumber>().ok()).filter(|one| one.suitcase() == suitcase);
    for number in own {
        days.entry(number.date()).or_default().insert(number.counter());
    }
    let skipped = days.iter().flat_map(|(day, places)| skipped(places).map(|run| places_text(suitcase, *day, run)));
    skipped.collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;
    use records::commands::{NewConsultation, NewResident, create_consultation, create_resident};

    #[test]
    fn whose_data_are_on_it_and_which_numbers_are_in_doubt() {
        let mut town = testing::town();
        let (seven, eight) = (town.suitcase(7), town.suitcase(8));
        let (first, second) = (seven.record("Коваль", "Ганна"), seven.record("Гук", "Степан"));
        let other = eight.record("Мороз", "Іван");
        town.carry_up(&seven);
        town.carry_up(&eight);
        town.desk.grant("admin", &other, 7, "").unwrap();
        let report = town.desk.lost_report("admin", 7, None).unwrap();
        let names: Vec<&str> = report.people.iter().map(|person| person.name.as_str()).collect();
        assert_eq!(names, ["Гук Степан", "Коваль Ганна", "Мороз Іван"]);
        assert!(report.people[2].granted && !report.people[0].granted);
        assert!(report.people[1].data.contains(&OnBoard::Contact));
        assert_eq!(report.people[1].requests, std::slice::from_ref(&first));
        assert_eq!((report.used, report.records), (vec![first, second], 3));
        assert_eq!(report.drafts, None, "it never said");
        assert!(report.unknown_after.is_some());
        let rows = town.desk.traces("admin", &super::super::TraceQuery { size: 9, ..Default::default() }).unwrap().rows;
        let noted = rows.iter().filter(|row| row.trace.what == "saw_lost_report" && row.trace.by == "admin");
        assert_eq!(noted.count(), 3, "whose data somebody read");
        // A grant that is taken back takes nothing off the laptop.
        let (record, chain) = (town.desk.request_of(&other).unwrap(), seven.peer.chain());
        town.desk.peer.act(move |act| act.withdraw_grant(record, chain)).unwrap();
        let names: Vec<String> =
            town.desk.lost_report("admin", 7, None).unwrap().people.into_iter().map(|person| person.name).collect();
        assert_eq!(names, ["Гук Степан", "Коваль Ганна", "Мороз Іван"]);
        assert!(town.desk.lost_report("admin", 9, None).is_err());
        assert!(town.desk.lost_report("nobody", 7, None).is_err());
    }

    #[test]
    fn a_known_resident_is_noted_as_one_without_a_number() {
        let mut town = testing::town();
        let seven = town.suitcase(7);
        let recorded = seven.peer.act(|act| {
            let record = RecordId::from_random(act.random());
            let text = |key: &str, value: &str| records::Edit::new(key, records::Value::Text(value.to_owned()));
            let fields = [text("a.last", "Ткач"), text("a.first", "Марія")];
            let new = NewResident { officer_name: "Олена", suitcase: Some(7), fields: &fields };
            act.create_by(record, |who| create_resident(record, who, &new))
        });
        recorded.unwrap();
        town.carry_up(&seven);
        town.desk.lost_report("admin", 7, None).unwrap();
        let rows = town.desk.traces("admin", &super::super::TraceQuery { size: 9, ..Default::default() }).unwrap().rows;
        let noted = rows.iter().find(|row| row.trace.what == "saw_lost_report").unwrap();
        assert!(noted.is_resident && noted.number.is_none() && noted.trace.record.is_some());
    }

    #[test]
    fn who_was_only_advised_is_on_it_too() {
        let mut town = testing::town();
        let seven = town.suitcase(7);
        let recorded = seven.peer.act(|act| {
            let record = RecordId::from_random(act.random());
            let text = |key: &str, value: &str| records::Edit::new(key, records::Value::Text(value.to_owned()));
            let fields = [
                text("who", "Ткач Марія"),
                text("phone", "+380671112233"),
                text("topic", "субсидія"),
                text("outcome", "answered"),
            ];
            let new =
                NewConsultation { channel: "phone", officer_name: "Олена", suitcase: Some(7), fields: &fields };
            act.create_by(record, |who| create_consultation(record, who, &new))
        });
        recorded.unwrap();
        town.carry_up(&seven);
        let people = town.desk.lost_report("admin", 7, None).unwrap().people;
        assert_eq!((people[0].name.as_str(), people[0].phone.as_str()), ("Ткач Марія", "+380671112233"));
        assert!(people[0].data.contains(&OnBoard::Contact) && people[0].data.contains(&OnBoard::Request));
    }

    #[test]
    fn family_members_in_answers_and_namesakes_are_on_it_each_by_themselves() {
        let mut town = testing::town();
        let seven = town.suitcase(7);
        let numbers = [("+380671112233", "a"), ("+380934445566", "b")].map(|(phone, resident)| {
            let number = seven.record("Коваль", "Ганна");
            seven.correct(&number, "phone", phone);
            seven.correct(&number, "a.resident", &resident.repeat(36));
            number
        });
        for (key, value) in [
            ("f.household.1.surname", "Коваль"),
            ("f.household.1.given_name", "Марко"),
            ("f.household.1.birth_date", "2015-05-04"),
            ("f.household.2.surname", "Гук"),
            ("f.household.2.given_name", "Степан"),
            ("f.household.2.tax_number", "2932014537"),
            ("f.child_surname", "Коваль"),
            ("f.child_given_name", "Оля"),
            ("f.new_surname", "Мороз"),
            ("f.new_given_name", "Ганна"),
        ] {
            seven.correct(&numbers[0], key, value);
        }
        town.carry_up(&seven);
        let people = town.desk.lost_report("admin", 7, None).unwrap().people;
        let names: Vec<(&str, &str)> = people.iter().map(|one| (one.name.as_str(), one.born.as_str())).collect();
        let expected = [
            ("Гук Степан", ""),
            ("Коваль Ганна", ""),
            ("Коваль Ганна", ""),
            ("Коваль Марко", "2015-05-04"),
            ("Коваль Оля", ""),
        ];
        assert_eq!(names, expected);
        assert_ne!(people[1].phone, people[2].phone, "namesakes are two people");
        assert!(people[0].data.contains(&OnBoard::Numbers) && !people[3].data.contains(&OnBoard::Contact));
        assert_eq!(people[3].requests, [numbers[0].clone()]);
    }

    #[test]
    fn numbers_that_were_counted_and_never_seen_are_in_doubt() {
        let number = |day, counter| ReceiptNumber::new(7, (2026, 11, day), counter, [1, 2]).unwrap().to_string();
        let used = [number(20, 1), number(20, 4), number(21, 2)];
        let void = [(number(20, 2), "зіпсовано".to_owned())];
        assert_eq!(doubtful(7, &used, &void), ["7-201126-003", "7-211126-001"]);
        assert!(doubtful(7, &[], &[]).is_empty());
    }

    #[test]
    fn a_loss_is_noted_with_what_happened() {
        let mut town = testing::town();
        town.suitcase(7);
        assert!(town.desk.report_lost("admin", 7, " ").is_err());
        town.desk.report_lost("admin", 7, "викрадено з автомобіля").unwrap();
        let row = town.desk.suitcases().unwrap().remove(0);
        assert_eq!(row.lost.unwrap().0, "викрадено з автомобіля");
    }
}
