//! Erasing a person's data: one administrator proposes, another confirms, and after some days it takes effect, unless
//! somebody declines it until then.
//!
//! When it is due, the desk keeps the keys that lie beside the erased ones and writes the order into the register, in one
//! act; everybody drops what it names. It looks for what is due at each round of its exchange, whether the hub answers
//! or not, so a restart or a desk made again from the kit goes on where it was; doing it twice changes nothing. An epoch
//! that is not over yet is dropped when it is: see [`peer::Split`].

use super::accounts::{self, Rank};
use super::erasure_facts::{DAYS, ErasedRecord, ErasureFact, Proposal, RECORDS};
use super::erasure_person::{Match, PersonalRecord};
use super::facts::DeskFact;
use super::unread::Unread;
use super::{Desk, DeskError, ErrorKind};
use chain::limits;
use ids::{ChainId, ErasureId, RecordId};
use records::Kind;
use records::state::RequestState;
use sealing::Passphrase;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;
use std::time::Duration;

/// Days that may be set: a court may order it at once, and nobody waits for more than a season.
const MOST_DAYS: u16 = 90;
/// How often the desk looks whether an epoch that waited is over.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// Where an erasure stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErasureState {
    /// Waits for a second administrator.
    Proposed,
    /// Confirmed; takes effect at this time, ms since 1970.
    Waiting(i64),
    /// Somebody declined it.
    Declined,
    /// The order is in the register.
    CarriedOut,
}

impl ErasureState {
    /// Its name in commands, JSON and texts.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Waiting(_) => "waiting",
            Self::Declined => "declined",
            Self::CarriedOut => "carried-out",
        }
    }
}

/// One erasure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasureRow {
    /// Names it.
    pub id: ErasureId,
    /// Where it stands.
    pub state: ErasureState,
    /// What was proposed and decided.
    pub proposal: Proposal,
    /// Suitcases of which an epoch that holds a key is not over yet.
    pub waits_for: Vec<u16>,
}

/// What would go, and what is in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasurePlan {
    /// The person, as the first record names them.
    pub name: String,
    /// What is surely about the person, then what may be, then where others' cases name them.
    pub records: Vec<PersonalRecord>,
    /// Records that may be about the person, or name them, and do not read: only their rows were searched.
    pub unread: Vec<Unread>,
}

impl PersonalRecord {
    /// A request that the centre has not closed: to erase it needs a reason of its own.
    pub fn is_open(&self) -> bool {
        self.row.kind == Kind::Request
            && !RequestState::from_text(&self.row.state)
                .is_some_and(|state| state.is_closed() || state == RequestState::Refused)
    }
}

impl Desk {
    /// What would go with the person of a request or record.
    pub fn erasure_plan(&self, by: &str, what: &str) -> Result<ErasurePlan, DeskError> {
        self.must_be(by, Rank::Administrator)?;
        let (records, unread) = self.records_of_person(what)?;
        let name = records.first().map(|one| one.row.title.clone()).unwrap_or_default();
        let seen: Vec<RecordId> = records.iter().map(|one| one.row.record).collect();
        self.note_look(by, super::How::Page, &seen, "")?;
        Ok(ErasurePlan { name, records, unread })
    }

    /// Proposes it. `chosen`: which of the plan's records go; none: all that are surely the person's.
    pub fn propose_erasure(
        &self,
        by: &str,
        what: &str,
        chosen: &[RecordId],
        reason: &str,
        open_reason: &str,
    ) -> Result<ErasureId, DeskError> {
        let plan = self.erasure_plan(by, what)?;
        let is_chosen = |one: &&PersonalRecord| match chosen {
            [] => one.sure == Match::Sure,
            chosen => chosen.contains(&one.row.record) && one.sure != Match::Named,
        };
        let going: Vec<&PersonalRecord> = plan.records.iter().filter(is_chosen).collect();
        if going.is_empty() || chosen.iter().any(|record| going.iter().all(|one| one.row.record != *record)) {
            return Err(DeskError::refused(
                "серед вибраних є записи, яких у переліку вже немає: перегляньте його ще раз",
                "some of the chosen records are not on the list any more: look at it again",
            ));
        }
        let (reason, open) = (kept(reason)?, kept(open_reason)?);
        if reason.is_empty() {
            return Err(DeskError::refused(
                "впишіть підставу: заява особи, рішення суду, закінчення строку зберігання. Без імен",
                "write the grounds: the person's application, a court's decision, the end of the term. Name nobody",
            ));
        }
        let in_the_way: Vec<String> =
            going.iter().filter(|one| one.is_open()).map(|one| one.row.number.clone().unwrap_or_default()).collect();
        if !in_the_way.is_empty() && open.is_empty() {
            let named = in_the_way.join(", ");
            return Err(DeskError::refused(
                format!("звернення ще не закрито: {named}. Закрийте їх або позначте, що стираєте й їх, і впишіть чому"),
                format!("requests are still open: {named}. Close them, or mark that they go, too, and write why"),
            ));
        }
        if going.len() > RECORDS {
            return Err(DeskError::refused(
                format!("за один раз — щонайбільше {RECORDS} записів"),
                format!("at most {RECORDS} records at once"),
            ));
        }
        let number = |one: &PersonalRecord| one.row.number.clone().unwrap_or_default();
        let records: Vec<ErasedRecord> = going
            .iter()
            .map(|one| ErasedRecord { record: one.row.record, kind: one.row.kind, number: number(one) })
            .collect();
        self.not_proposed_yet(&records)?;
        let open = if in_the_way.is_empty() { String::new() } else { open };
        self.act_as(by, move |act| {
            let (id, by, at) = (ErasureId::from_random(act.random()), act.officer().to_owned(), act.now().0);
            act.own(&ErasureFact::Proposed { id, records, reason, open, by, at }.to_own())?;
            Ok(id)
        })
    }

    /// Two orders about one record would be decided by four people who know nothing of each other.
    fn not_proposed_yet(&self, records: &[ErasedRecord]) -> Result<(), DeskError> {
        let stands = |row: &ErasureRow| matches!(row.state, ErasureState::Proposed | ErasureState::Waiting(_));
        let names = |row: &ErasureRow| records.iter().any(|one| row.proposal.ids().contains(&one.record));
        match self.erasure_rows()?.iter().find(|row| stands(row) && names(row)) {
            Some(row) => Err(DeskError::refused(
                format!("частину цих записів уже запропоновано стерти ({}): вирішіть спершу про ту пропозицію", row.id),
                format!(
                    "some of these records are proposed to be erased already ({}): decide on that one first",
                    row.id
                ),
            )),
            None => Ok(()),
        }
    }

    /// All of them, the newest first.
    pub fn erasures(&self, by: &str) -> Result<Vec<ErasureRow>, DeskError> {
        self.must_be(by, Rank::Administrator)?;
        self.erasure_rows()
    }

    fn erasure_rows(&self) -> Result<Vec<ErasureRow>, DeskError> {
        let register = self.peer.register()?;
        let proposals = self.book()?.erasures.proposals.clone();
        let held = if register.erasures().next().is_some() {
            self.peer.read(|view| view.keys_of_erased(&register))?
        } else {
            BTreeSet::new()
        };
        let waiting: BTreeSet<u16> = held.iter().filter_map(|(chain, _)| Self::number_of(&register, *chain)).collect();
        let row = |(id, proposal): (ErasureId, Proposal)| {
            let ordered = proposal.records.iter().all(|one| register.is_erased(one.record));
            let state = match (&proposal.declined, proposal.due()) {
                _ if ordered => ErasureState::CarriedOut,
                (Some(_), _) => ErasureState::Declined,
                (None, Some(due)) => ErasureState::Waiting(due),
                (None, None) => ErasureState::Proposed,
            };
            let waits_for = if ordered { waiting.iter().copied().collect() } else { Vec::new() };
            ErasureRow { id, state, proposal, waits_for }
        };
        let mut rows: Vec<ErasureRow> = proposals.into_iter().map(row).collect();
        rows.sort_by_key(|row| (std::cmp::Reverse(row.proposal.proposed.1), row.id));
        Ok(rows)
    }

    fn erasure(&self, by: &str, id: ErasureId) -> Result<ErasureRow, DeskError> {
        self.must_be(by, Rank::Administrator)?;
        self.erasure_rows()?.into_iter().find(|row| row.id == id).ok_or_else(|| {
            DeskError::not_found(
                "такої пропозиції стерти дані немає: перегляньте перелік",
                "there is no such proposal to erase: look at the list",
            )
        })
    }

    /// Confirms it: a second person, who has looked at what goes.
    pub fn confirm_erasure(&self, by: &str, id: ErasureId) -> Result<i64, DeskError> {
        let row = self.erasure(by, id)?;
        if row.state != ErasureState::Proposed {
            return Err(decided());
        }
        if row.proposal.proposed.0 == by {
            return Err(DeskError::refused(
                "підтвердити має інший адміністратор: пропозиція — ваша",
                "another administrator has to confirm it: the proposal is yours",
            ));
        }
        let days = self.erasure_days()?;
        self.act_as(by, move |act| {
            let (by, at) = (act.officer().to_owned(), act.now().0);
            act.own(&ErasureFact::Confirmed { id, days, by, at }.to_own()).map(|_| ())
        })?;
        self.erase_what_is_due()?;
        match self.erasure(by, id)?.proposal.due() {
            Some(due) => Ok(due),
            None => Err(decided()),
        }
    }

    /// Confirms it on the command line, where a login alone proves nothing about who types.
    pub fn confirm_erasure_with(&self, by: &str, passphrase: &str, id: ErasureId) -> Result<i64, DeskError> {
        self.prove(by, passphrase)?;
        self.confirm_erasure(by, id)
    }

    /// That whoever acts as `by` knows the passphrase: two logins must be two people.
    pub fn prove(&self, by: &str, passphrase: &str) -> Result<(), DeskError> {
        let wrong = accounts::wrong_passphrase();
        let proved = match Passphrase::new(passphrase) {
            Ok(passphrase) => self.check(by, &passphrase).map(|_| ()),
            Err(_) => Err(wrong.clone()),
        };
        proved.map_err(|error| if error.sentence == wrong.sentence { not_the_own(by) } else { error })
    }

    /// Declines it, until it takes effect.
    pub fn decline_erasure(&self, by: &str, id: ErasureId, reason: &str) -> Result<(), DeskError> {
        let row = self.erasure(by, id)?;
        let reason = kept(reason)?;
        if reason.is_empty() {
            return Err(DeskError::refused("впишіть, чому відхиляєте", "write why you decline it"));
        }
        if matches!(row.state, ErasureState::Declined | ErasureState::CarriedOut) {
            return Err(decided());
        }
        self.act_as(by, move |act| {
            let (by, at) = (act.officer().to_owned(), act.now().0);
            act.own(&ErasureFact::Declined { id, reason, by, at }.to_own()).map(|_| ())
        })
    }

    /// Days between confirming and effect.
    pub fn erasure_days(&self) -> Result<u16, DeskError> {
        Ok(self.book()?.erasures.days.unwrap_or(DAYS))
    }

    /// Sets them, for what is confirmed from now on.
    pub fn set_erasure_days(&self, by: &str, days: u16) -> Result<(), DeskError> {
        self.must_be(by, Rank::Administrator)?;
        if days > MOST_DAYS {
            return Err(DeskError::refused(
                format!("від 0 до {MOST_DAYS} днів; 0 — лише коли строк визначив суд"),
                format!("0 to {MOST_DAYS} days; 0 only where a court has set the time"),
            ));
        }
        if self.erasure_days()? == days {
            return Ok(());
        }
        self.act_as(by, move |act| {
            let (by, at) = (act.officer().to_owned(), act.now().0);
            act.own(&ErasureFact::Days { days, by, at }.to_own()).map(|_| ())
        })
    }

    /// Writes the orders that are due, and those about epochs that are over now. Gives back how many acts that took.
    pub(crate) fn erase_what_is_due(&self) -> Result<usize, DeskError> {
        if self.peer.is_catching_up()? {
            return Ok(0);
        }
        let now = self.now().0;
        let mut done = 0;
        for row in self.due(now)? {
            let records = row.proposal.ids();
            let id = row.id;
            self.peer.act(move |act| {
                act.order_erasure(&records)?;
                let at = act.now().0;
                act.own(&ErasureFact::CarriedOut { id, at }.to_own()).map(|_| ())
            })?;
            self.look_for_known_keys();
            tracing::warn!(%id, "an order to erase was written into the register");
            done += 1;
        }
        done += self.drop_epochs_that_are_over(done > 0)?;
        if done > 0 {
            self.peer.obey()?;
            self.tell();
            self.hurry.notify_one();
        }
        Ok(done)
    }

    /// Confirmed, not declined, and its time has come. Cheap where there is none: it is asked at every round.
    fn due(&self, now: i64) -> Result<Vec<ErasureRow>, DeskError> {
        let any = self
            .book()?
            .erasures
            .proposals
            .values()
            .any(|one| one.carried_out.is_none() && one.due().is_some_and(|due| due <= now));
        if !any {
            return self.repeated();
        }
        let is_due = |row: &ErasureRow| matches!(row.state, ErasureState::Waiting(due) if due <= now);
        Ok(self.erasure_rows()?.into_iter().filter(is_due).collect())
    }

    /// What a desk before this one ordered behind the end that counts is ordered again.
    fn repeated(&self) -> Result<Vec<ErasureRow>, DeskError> {
        let register = self.peer.register()?;
        let lost = self.book()?.erasures.proposals.values().any(|one| {
            one.carried_out.is_some() && one.records.iter().any(|record| !register.is_erased(record.record))
        });
        if !lost {
            return Ok(Vec::new());
        }
        let is_lost = |row: &ErasureRow| row.proposal.carried_out.is_some() && row.state != ErasureState::CarriedOut;
        Ok(self.erasure_rows()?.into_iter().filter(is_lost).collect())
    }

    fn drop_epochs_that_are_over(&self, now: bool) -> Result<usize, DeskError> {
        let register = self.peer.register()?;
        if register.erasures().next().is_none() {
            return Ok(0);
        }
        let steady = self.tools.clock.steady();
        let mut looked = self.epochs_looked_at.lock().unwrap_or_else(PoisonError::into_inner);
        if !now && looked.is_some_and(|at| steady.saturating_sub(at) < LOOK_AGAIN) {
            return Ok(0);
        }
        *looked = Some(steady);
        drop(looked);
        if self.peer.read(|view| view.keys_of_erased(&register))?.is_empty() {
            return Ok(0);
        }
        let records = register.erased(|_| u64::MAX).records;
        let split = self.peer.act(move |act| act.order_erasure(&records))?;
        self.look_for_known_keys();
        Ok(usize::from(!split.entries.is_empty()))
    }

    /// Receipt numbers of requests that were erased: the register of numbers accounts for them.
    pub(super) fn erased_numbers(&self) -> Result<BTreeMap<String, ErasureId>, DeskError> {
        let register = self.peer.register()?;
        let book = self.book()?;
        let records = book.erasures.proposals.iter().flat_map(|(id, one)| one.records.iter().map(move |r| (*id, r)));
        let gone = records.filter(|(_, one)| !one.number.is_empty() && register.is_erased(one.record));
        Ok(gone.filter(|(_, one)| one.kind == Kind::Request).map(|(id, one)| (one.number.clone(), id)).collect())
    }

    /// The suitcases that hold any of these records, by number.
    pub fn holders_of(&self, records: &BTreeSet<RecordId>) -> Result<Vec<u16>, DeskError> {
        let register = self.peer.register()?;
        let chains: BTreeSet<ChainId> = self.peer.read(|view| {
            let mut chains = BTreeSet::new();
            for record in records {
                chains.extend(view.writers(*record)?);
            }
            Ok(chains)
        })?;
        let numbers: BTreeSet<u16> =
            chains.into_iter().filter_map(|chain| Self::number_of(&register, register.living(chain))).collect();
        Ok(numbers.into_iter().collect())
    }
}

impl From<ErasureFact> for DeskFact {
    fn from(fact: ErasureFact) -> Self {
        Self::Erasure(fact)
    }
}

fn decided() -> DeskError {
    DeskError::refused(
        "про цю пропозицію вже вирішено: перегляньте перелік",
        "this proposal is decided already: look at the list",
    )
}

/// A text as it is kept: whole, or refused.
fn kept(text: &str) -> Result<String, DeskError> {
    let text = text.trim();
    if text.len() > limits::SENTENCE {
        let most = limits::SENTENCE / 2;
        return Err(DeskError::refused(
            format!("задовгий текст: до {most} літер"),
            format!("the text is too long: up to {most} letters"),
        ));
    }
    Ok(text.to_owned())
}

fn not_the_own(by: &str) -> DeskError {
    DeskError::new(
        ErrorKind::NotAllowed,
        format!(
            "це не пароль «{by}»: тут потрібен власний пароль того, хто діє (--login): впишіть його або вкажіть файл із ним (--own-passphrase-file)"
        ),
        format!(
            "this is not the passphrase of «{by}»: here whoever acts (--login) gives the own one: type it or name a file with it (--own-passphrase-file)"
        ),
    )
}
