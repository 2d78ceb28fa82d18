//! A suitcase holds what it needs and no more: what is closed for long, what belongs to nothing that is held, what the centre
//! took back. Keys, rows, words of the search and the grants that brought the keys go, once the centre's verdict
//! covers all that was written here. The sealed bytes of the changes stay for longer ([`crate::covered`]).
//!
//! Of a record that was made here the key followed from an epoch's, which was only ever in memory; so nothing that is left
//! opens the bytes. A grant brings everything back: the centre sends the whole history again.

use crate::PeerError;
use crate::act::Act;
use crate::covered;
use crate::facts::{FORGOTTEN, OwnFact};
use crate::identity::Role;
use crate::ledger::Ledger;
use crate::peer::{Peer, View};
use crate::store::drafts::{self, Draft};
use crate::store::entries::State;
use crate::store::forgotten::{self, Forgotten, Why};
use crate::store::rows::{self, Filter, Order, RecordRow};
use crate::store::{erased, keys, sync};
use chain::{Kind as EntryKind, Register};
use ids::{ChainId, RecordId};
use records::Kind;
use records::state::{RequestState, VisitState};
use records::view::RequestView;
use std::collections::BTreeSet;

/// Days for which a suitcase holds what is closed, unless the centre says otherwise.
pub const KEPT_DAYS: u16 = 30;

const DAY: i64 = 24 * 3_600_000;

/// A record that is not needed here any more.
#[derive(Debug, Clone)]
pub struct Due {
    /// Its row.
    pub row: RecordRow,
    /// Why.
    pub why: Why,
}

/// Whether a form that somebody began is about the record.
fn is_drafted(drafts: &[Draft], row: &RecordRow) -> bool {
    let names = [Some(row.record.to_string()), row.number.clone().filter(|number| !number.is_empty())];
    let mut names = names.into_iter().flatten();
    names.any(|name| drafts.iter().any(|draft| draft.form.contains(&name) || draft.body.contains(&name)))
}

impl View<'_> {
    /// What may be given up at `now`: what the centre took back; requests that are closed for longer than so many days;
    /// people, visits and consultations that nobody changed for as long and that no request which stays names. Nothing
    /// that the centre's verdict does not cover, nothing whose work was set aside, and nothing that a draft is about: a
    /// form that was begun could not be saved without it.
    pub fn out_of_scope(&self, register: &Register, now: i64, days: u16) -> Result<Vec<Due>, PeerError> {
        let before = now.saturating_sub(i64::from(days) * DAY);
        let mut due = Vec::new();
        let mut named = BTreeSet::new();
        let is_desk = |chain| register.is_case(chain);
        let taken_back: BTreeSet<RecordId> = forgotten::taken_back(self.connection)?.into_iter().collect();
        let drafts = self.drafts()?;
        let free = |row: &RecordRow| Ok::<_, PeerError>(!is_drafted(&drafts, row) && self.is_settled(row.record)?);
        let filter = Filter { kind: Some(Kind::Request), ..Filter::default() };
        for row in self.list(&filter, Order::Oldest, 0, usize::MAX >> 1)? {
            let closed = RequestState::from_text(&row.state).is_some_and(RequestState::is_closed);
            let old = closed && row.changed < before;
            if (old || taken_back.contains(&row.record)) && free(&row)? {
                due.push(Due { why: self.why(&taken_back, &row), row });
                continue;
            }
            let view = RequestView::read(&self.document(row.record)?, &is_desk);
            let names = [view.applicant.resident.text(), view.representative.resident.text(), view.visit.text()];
            named.extend(names.iter().filter_map(|id| id.parse::<RecordId>().ok()));
        }
        for kind in [Kind::Resident, Kind::Visit, Kind::Consultation] {
            let filter = Filter { kind: Some(kind), ..Filter::default() };
            for row in self.list(&filter, Order::Oldest, 0, usize::MAX >> 1)? {
                let open =
                    kind == Kind::Visit && VisitState::from_text(&row.state).is_none_or(|state| !state.is_closed());
                let old = row.changed < before && !open && !named.contains(&row.record);
                if (old || taken_back.contains(&row.record)) && free(&row)? {
                    due.push(Due { why: self.why(&taken_back, &row), row });
                }
            }
        }
        Ok(due)
    }

    fn why(&self, taken_back: &BTreeSet<RecordId>, row: &RecordRow) -> Why {
        if taken_back.contains(&row.record) { Why::TakenBack } else { Why::Old }
    }

    /// Whether the centre opened all that was written here about a record, and nothing of it waits or was set aside.
    fn is_settled(&self, record: RecordId) -> Result<bool, PeerError> {
        let own: Vec<_> =
            self.former()?.into_iter().map(|former| former.chain).chain(std::iter::once(self.chain)).collect();
        for (chain, last, open) in forgotten::written(self.connection, record)? {
            if open || (own.contains(&chain) && sync::verdict_end(self.connection, chain)? < last) {
                return Ok(false);
            }
        }
        for (chain, exception) in sync::exceptions(self.connection, None, false)? {
            if self.record_of(chain, exception.seq)? == Some(record) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The last records that were given up, at most so many, and how many there are.
    pub fn forgotten(&self, most: usize) -> Result<(Vec<Forgotten>, u64), PeerError> {
        forgotten::newest(self.connection, most)
    }

    /// The record with this number on paper, if it was given up.
    pub fn forgotten_by_number(&self, number: &str) -> Result<Option<Forgotten>, PeerError> {
        forgotten::by_number(self.connection, number)
    }
}

impl Act<'_> {
    /// Gives these records up and tells the centre. What is not settled by now, or in a draft, is left as it is. Gives back how many went.
    fn forget(&mut self, due: &[(RecordId, Why)]) -> Result<usize, PeerError> {
        let Role::Suitcase = self.role() else { return Err(PeerError::NotCertified) };
        let at = self.now().0;
        let mut gone: Vec<(RecordId, Why)> = Vec::new();
        let drafts = drafts::all(self.connection())?;
        for (record, why) in due {
            let view = View { connection: self.connection(), tenant: self.tenant(), chain: self.own_chain() };
            let row = rows::get(self.connection(), *record)?;
            if !view.is_settled(*record)? || row.as_ref().is_some_and(|row| is_drafted(&drafts, row)) {
                continue;
            }
            let number = row.and_then(|row| row.number);
            keys::forget_record_keys(self.connection(), *record)?;
            keys::remove_writer(self.connection(), *record, self.own_chain())?;
            for grant in erased::about(self.connection(), *record)?.iter().filter(|one| one.kind == EntryKind::GRANT) {
                erased::drop_body(self.connection(), grant)?;
            }
            forgotten::set_states(self.connection(), *record, State::Taken, State::Forgotten)?;
            rows::remove(self.connection(), *record)?;
            forgotten::set_taken_back(self.connection(), *record, false)?;
            forgotten::put(self.connection(), &Forgotten { record: *record, number, why: *why, at })?;
            gone.push((*record, *why));
        }
        for why in [Why::Old, Why::TakenBack, Why::ByHand] {
            let records: Vec<RecordId> = gone.iter().filter(|(_, of)| *of == why).map(|(record, _)| *record).collect();
            for page in records.chunks(FORGOTTEN) {
                let told = self.own(&OwnFact::Forgotten { at, why, records: page.to_vec() })?;
                covered::told(self.connection(), self.own_chain(), told)?;
            }
        }
        Ok(gone.len())
    }
}

impl Ledger {
    /// What was dropped leaves the disk: the full-text index is written anew, the log beside the database emptied.
    fn sweep(&mut self) -> Result<(), PeerError> {
        erased::renew_search(&self.connection)?;
        self.log_due = true;
        self.empty_log()
    }
}

/// For a desk.
impl Act<'_> {
    /// A suitcase said in entry `seq` of its chain that it gave these records up: nothing of them goes to it any more, and
    /// granting one again brings it back. What was granted to it since stays. Gives back how many were closed.
    pub fn close_forgotten(&mut self, chain: ChainId, seq: u64, records: &[RecordId]) -> Result<usize, PeerError> {
        let mut closed = 0;
        for record in records {
            if keys::is_held_since(self.connection(), chain, *record, seq)? {
                self.close_grant(*record, chain)?;
                closed += 1;
            }
        }
        Ok(closed)
    }
}

impl Peer {
    /// Gives records up: keys, rows, what they are found by. Gives back how many went; their bytes are off the disk when
    /// this returns, unless somebody reads meanwhile.
    pub fn forget(&self, due: Vec<(RecordId, Why)>) -> Result<usize, PeerError> {
        let mut gone = 0;
        for page in due.chunks(200) {
            let page = page.to_vec();
            gone += self.act(move |act| act.forget(&page))?;
        }
        if gone > 0 {
            self.with_ledger(Ledger::sweep)?;
        }
        Ok(gone)
    }
}
