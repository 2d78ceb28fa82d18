//! Looking after the desk: checking everything, making the lists anew, taking everything out.

use super::accounts::Rank;
use super::request::as_text;
use super::traces::How;
use super::unread::{self, Unread};
use super::{Desk, DeskError, HubContact};
use peer::RecordRow;
use records::{Document, Kind};
use serde_json::{Map, Value, json};

/// How the desk is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// The community's name.
    pub name: String,
    /// Who unsealed the desk.
    pub unsealed_by: String,
    /// The hub's address.
    pub hub: String,
    /// How the exchange with it stands.
    pub contact: HubContact,
    /// Until when the root's certificate of this desk holds, ms since 1970.
    pub certified_until: Option<i64>,
    /// Own entries that the hub does not hold yet.
    pub waiting_entries: u64,
    /// Requests, residents, visits.
    pub records: u64,
    /// Entries set aside.
    pub set_aside: usize,
    /// Laptops that go on under a new chain and wait for a person; of these, those of which two are at work.
    pub rebirths: (usize, usize),
    /// What the desk knows to be damaged of what it keeps.
    pub scrubbed: peer::Scrubbed,
}

/// One record taken out: for people and programs, and for any automerge library.
#[derive(Debug, Clone)]
pub struct Exported {
    /// Kind and number, else kind and id: a name for a file.
    pub name: String,
    /// Everything it says, in plain JSON.
    pub json: Value,
    /// A standard automerge document.
    pub automerge: Vec<u8>,
}

impl Desk {
    /// How the desk is.
    pub fn health(&self) -> Result<Health, DeskError> {
        let name = self.profile()?.name;
        let register = self.peer.register()?;
        let certified_until = register.desk_of(self.peer.chain()).map(|desk| desk.validity.not_after);
        let (waiting_entries, records, set_aside) = self.peer.read(|view| {
            let waiting = view.whereabouts(Kind::Request, super::HUB)?.waiting_entries;
            Ok((waiting, view.count(&peer::Filter::default())?, view.exceptions(None)?.len()))
        })?;
        Ok(Health {
            name,
            unsealed_by: self.unsealed_by().to_owned(),
            hub: self.hub_address().to_owned(),
            contact: self.hub_contact(),
            certified_until,
            waiting_entries,
            records,
            set_aside,
            rebirths: self.count_unconfirmed()?,
            scrubbed: self.scrubbed(),
        })
    }

    /// Checks every chain, signature, record and list row.
    pub fn verify(&self, by: &str) -> Result<peer::Report, DeskError> {
        self.must_be(by, Rank::Administrator)?;
        Ok(self.peer.verify()?)
    }

    /// Throws away the lists and makes them anew from the chains. Gives back how many records there are.
    pub fn rebuild(&self, by: &str) -> Result<usize, DeskError> {
        self.must_be(by, Rank::Administrator)?;
        let records = self.peer.rebuild()?;
        self.tell();
        Ok(records)
    }

    /// The page that checks papers without a network; for administrators. Noted with `to`, where it goes.
    pub fn verifier_for(&self, by: &str, to: &str) -> Result<String, DeskError> {
        self.must_be(by, Rank::Administrator)?;
        self.note(by, How::TookVerifier, to)?;
        self.verifier()
    }

    /// Refuses who may not take records out.
    pub fn may_export(&self, by: &str) -> Result<(), DeskError> {
        self.must_be(by, Rank::Administrator).map(|_| ())
    }

    /// Takes records out one by one; `each` gets them as they come. That all were taken is noted before the first, with
    /// `to`, where they go. Gives back how many were taken, and which do not read: nobody got those.
    pub fn export(
        &self,
        by: &str,
        to: &str,
        mut each: impl FnMut(Exported) -> Result<(), DeskError>,
    ) -> Result<(usize, Vec<Unread>), DeskError> {
        self.must_be(by, Rank::Administrator)?;
        let all =
            self.peer.read(|view| view.list(&peer::Filter::default(), peer::Order::Oldest, 0, usize::MAX >> 1))?;
        self.note(by, How::TookAll, &format!("{}: {to}", all.len()))?;
        let mut unread = Vec::new();
        for row in &all {
            match self.peer.read(|view| Ok(unread::document(view, row.record)))? {
                Some(document) => each(exported(&document, row))?,
                None => unread.push(Unread::of(row)),
            }
        }
        Ok((all.len() - unread.len(), unread))
    }
}

fn exported(document: &Document, row: &RecordRow) -> Exported {
    let mut fields = Map::new();
    for (key, values) in document.values() {
        let mut texts = values.iter().map(|written| Value::String(as_text(&written.value)));
        let value = match (texts.next(), values.len()) {
            (Some(only), 1) => only,
            (Some(first), _) => Value::Array(std::iter::once(first).chain(texts).collect()),
            (None, _) => continue,
        };
        fields.insert(key, value);
    }
    let kind = document.kind().name();
    let id = row.record.to_string();
    let name = format!("{kind}-{}", row.number.as_deref().unwrap_or(&id));
    let json = json!({ "kind": kind, "record": id, "number": row.number, "state": row.state, "fields": fields });
    Exported { name, json, automerge: document.save() }
}

#[cfg(test)]
mod tests {
    use super::super::testing;

    #[test]
    fn the_lists_are_made_anew_as_they_were_and_everything_verifies() {
        let mut town = testing::town();
        let suitcase = town.suitcase(7);
        let number = suitcase.record("Коваль", "Ганна");
        town.carry_up(&suitcase);
        town.desk.answer("admin", &number, super::super::Answer::Accept).unwrap();
        let before = town.desk.peer.rows_as_text().unwrap();
        assert_eq!(town.desk.verify("admin").unwrap().faults, Vec::<String>::new());
        assert_eq!(town.desk.rebuild("admin").unwrap(), 1);
        assert_eq!(town.desk.peer.rows_as_text().unwrap(), before);
        assert_eq!(town.desk.verify("admin").unwrap().faults, Vec::<String>::new());
    }

    #[test]
    fn what_is_exported_says_what_was_recorded() {
        let mut town = testing::town();
        let suitcase = town.suitcase(7);
        let number = suitcase.record("Коваль", "Ганна");
        town.carry_up(&suitcase);
        let mut all = Vec::new();
        let count = town.desk.export("admin", "/srv/out", |record| {
            all.push(record);
            Ok(())
        });
        assert_eq!(count.unwrap().0, 1);
        let rows = town.desk.traces("admin", &super::super::TraceQuery { size: 9, ..Default::default() }).unwrap().rows;
        let noted = rows.iter().find(|row| row.trace.what == "took_all").unwrap();
        assert_eq!((noted.trace.by.as_str(), noted.trace.about.as_str()), ("admin", "1: /srv/out"));
        assert_eq!(all[0].json["fields"]["a.last"], "Коваль");
        assert!(all[0].name.ends_with(&number));
        assert_eq!(&all[0].automerge[..4], [0x85, 0x6f, 0x4a, 0x83], "the magic bytes of automerge");
    }
}
