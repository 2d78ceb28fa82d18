//! Who did and saw what. What people do is read from the desks' case chains; what they look at is kept before it is
//! shown and told in the chain by and by, many looks in one entry, so that kit and hub give it back.
//!
//! Somebody who opens the same request again within a quarter of an hour is not noted again: a page that renews itself
//! costs no write.

use super::accounts::Rank;
use super::administration::AdministrationFact;
use super::catalogue_facts::CatalogueFact;
use super::clerk_facts::{ClerkFact, LOOKS, Look, RECORDS};
use super::erasure_facts::ErasureFact;
use super::facts::DeskFact;
pub use super::how::How;
use super::{Desk, DeskError, book};
use crate::store::{self, Trace, TraceFilter};
use ids::{ChainId, RecordId};
use peer::{Act, Done, OwnFact, PeerError, Work};
use records::event::Event;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The same look within this time is one.
const AGAIN: Duration = Duration::from_secs(15 * 60);
/// Looks wait so long, or until there are so many, before they are told in the chain.
const TELL_AFTER: i64 = 5 * 60 * 1000;
const TELL_AT: u64 = 500;
/// Looks remembered at once; more, and those that are over are forgotten.
const REMEMBERED: usize = 50_000;
/// Entries of a chain read in one transaction.
const PAGE: usize = 500;
/// How far a chain was read into the list.
fn mark(chain: ChainId) -> String {
    format!("traces {chain}")
}

/// Who looked at what lately.
#[derive(Default)]
pub(crate) struct Glances(Mutex<HashMap<(String, How, RecordId), Duration>>);

impl Glances {
    /// Those of the records that were not looked at just now.
    fn fresh(&self, by: &str, how: How, records: &[RecordId], now: Duration) -> Vec<RecordId> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_fresh = |record: &&RecordId| {
            let before = held.get(&(by.to_owned(), how, **record));
            before.is_none_or(|at| now.saturating_sub(*at) >= AGAIN)
        };
        records.iter().filter(is_fresh).copied().collect()
    }

    /// They count as looked at from here on: that is written down.
    fn noted(&self, by: &str, how: How, records: &[RecordId], now: Duration) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.len() > REMEMBERED {
            held.retain(|_, at| now.saturating_sub(*at) < AGAIN);
        }
        held.extend(records.iter().map(|record| ((by.to_owned(), how, *record), now)));
    }
}

/// A line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceRow {
    /// What was done or seen, when, by whom.
    pub trace: Trace,
    /// Name of who did it; the login if it has none.
    pub name: String,
    /// Number of the request, if it is about one.
    pub number: Option<String>,
    /// The record, if it is about a consultation.
    pub consultation: Option<String>,
    /// Whether it is about what is kept of a resident, which has neither number nor page.
    pub is_resident: bool,
}

/// What is asked of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TraceQuery {
    /// Only of this login; empty for all.
    pub by: String,
    /// `seen`: only what was looked at; `done`: only what was done; else all.
    pub what: String,
    /// Only about the request with this number; empty for all.
    pub number: String,
    /// At or after, ms since 1970.
    pub from: Option<i64>,
    /// Before, ms since 1970.
    pub until: Option<i64>,
    /// Which page, from 1.
    pub page: usize,
    /// Lines of a page.
    pub size: usize,
}

/// A page of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TracePage {
    /// Its lines, the newest first.
    pub rows: Vec<TraceRow>,
    /// Lines of all pages.
    pub total: u64,
    /// Which page, from 1.
    pub page: usize,
    /// Lines of a page.
    pub size: usize,
}

impl Desk {
    /// Notes that `by` is about to see these records. What cannot be noted is not shown.
    pub(crate) fn note_look(&self, by: &str, how: How, records: &[RecordId], about: &str) -> Result<(), DeskError> {
        let now = self.tools.clock.steady();
        if how.is_file() {
            if records.is_empty() {
                return self.note(by, how, about);
            }
            return self.keep_traces(records.iter().map(|record| self.trace(by, how, Some(*record), about)).collect());
        }
        let fresh = self.glances.fresh(by, how, records, now);
        if fresh.is_empty() {
            return Ok(());
        }
        self.keep_traces(fresh.iter().map(|record| self.trace(by, how, Some(*record), about)).collect())?;
        self.glances.noted(by, how, &fresh, now);
        Ok(())
    }

    /// Notes what a list shows; a search that finds nobody is noted, too: who looks for a person by name tells something.
    pub(crate) fn note_found(
        &self,
        by: &str,
        how: How,
        records: &[RecordId],
        about: &str,
        search: &str,
    ) -> Result<(), DeskError> {
        if records.is_empty() && !how.is_file() && !search.trim().is_empty() {
            return self.note(by, how, about);
        }
        self.note_look(by, how, records, about)
    }

    /// Notes that `by` sees the request with this number.
    pub fn look(&self, by: &str, number: &str, how: How) -> Result<(), DeskError> {
        self.note_look(by, how, &[self.request_of(number)?], "")
    }

    /// Notes that `by` takes a list along as a file: whose data, and what was asked for.
    pub fn take_along(&self, by: &str, numbers: &[String], how: How, about: &str) -> Result<(), DeskError> {
        let records = numbers.iter().map(|number| self.request_of(number)).collect::<Result<Vec<_>, _>>()?;
        self.note_look(by, how, &records, about)
    }

    /// Notes that `by` takes the list of who did and saw what along as a file; for administrators.
    pub fn take_audit_along(&self, by: &str, about: &str) -> Result<(), DeskError> {
        self.must_be(by, Rank::Administrator)?;
        self.note(by, How::AuditFile, about)
    }

    /// Notes that somebody gave something wrong for an account that there is. What fails is refused anyway.
    pub(crate) fn note_failure(&self, login: &str, how: How) {
        if self.account(login).is_ok()
            && let Err(error) = self.note(login, how, "")
        {
            tracing::warn!(%error, "a failed sign-in could not be noted");
        }
    }

    /// Notes something that is about no record.
    pub(crate) fn note(&self, by: &str, how: How, about: &str) -> Result<(), DeskError> {
        self.keep_traces(vec![self.trace(by, how, None, about)])
    }

    /// Notes something about a record, each time.
    pub(crate) fn note_about(&self, by: &str, how: How, record: RecordId, about: &str) -> Result<(), DeskError> {
        self.keep_traces(vec![self.trace(by, how, Some(record), about)])
    }

    fn trace(&self, by: &str, how: How, record: Option<RecordId>, about: &str) -> Trace {
        let about = about[..about.floor_char_boundary(1_000)].to_owned();
        Trace { at: self.now().0, by: by.to_owned(), what: how.text().to_owned(), record, about }
    }

    fn keep_traces(&self, traces: Vec<Trace>) -> Result<(), DeskError> {
        self.peer
            .act(move |act| traces.iter().try_for_each(|trace| store::put_trace(act.connection(), trace, false)))?;
        self.tell_looks_when_due()
    }

    /// Writes what was looked at into the case chain, once it has waited for long or there is much of it.
    pub(crate) fn tell_looks_when_due(&self) -> Result<(), DeskError> {
        let (count, since) = self.peer.read(|view| store::untold_since(view.connection()))?;
        let old = since.is_some_and(|since| self.now().0.saturating_sub(since) >= TELL_AFTER);
        if (old || count >= TELL_AT)
            && let Err(error) = self.tell_looks()
        {
            // They stay where they are and are told later.
            tracing::warn!(%error, "who saw what could not be written into the chain yet");
        }
        Ok(())
    }

    /// Writes what was looked at into the case chain.
    pub(crate) fn tell_looks(&self) -> Result<(), DeskError> {
        Ok(self.peer.act(|act| {
            for fact in facts_of(store::untold(act.connection())?) {
                act.own(&fact.to_own())?;
            }
            store::forget_untold(act.connection())
        })?)
    }

    /// Reads on in the case chains of all desks.
    pub(crate) fn follow_traces(&self) -> Result<(), DeskError> {
        let register = self.peer.register()?;
        for chain in book::case_chains(&register) {
            while self.peer.act(move |act| read_on(act, chain))? == PAGE {}
        }
        Ok(())
    }

    /// Who did and saw what; for administrators.
    pub fn traces(&self, by: &str, query: &TraceQuery) -> Result<TracePage, DeskError> {
        self.must_be(by, Rank::Administrator)?;
        self.follow_traces()?;
        self.follow_recoveries()?;
        let seen = || How::SEEN.map(|how| how.text().to_owned()).to_vec();
        let filter = TraceFilter {
            by: Some(query.by.clone()).filter(|by| !by.is_empty()),
            what: match query.what.as_str() {
                "seen" => seen(),
                "done" => DONE.map(str::to_owned).to_vec(),
                _ => Vec::new(),
            },
            record: if query.number.is_empty() { None } else { Some(self.request_of(&query.number)?) },
            from: query.from,
            until: query.until,
        };
        let (page, size) = (query.page.max(1), query.size.clamp(1, 500));
        let names: HashMap<String, String> =
            self.book()?.accounts.values().map(|account| (account.login.to_string(), account.name.clone())).collect();
        let (rows, total) = self.peer.read(|view| {
            let connection = view.connection();
            let found = store::traces(connection, &filter, (page - 1).saturating_mul(size), size)?;
            let mut rows = Vec::with_capacity(found.len());
            for trace in found {
                let row = trace.record.map(|record| view.row(record)).transpose()?.flatten();
                let is_of = |kind| row.as_ref().is_some_and(|row| row.kind == kind);
                let is_consultation = is_of(records::Kind::Consultation);
                let is_resident = is_of(records::Kind::Resident);
                let number = row.map(|row| row.number.unwrap_or_else(|| row.record.to_string()));
                let number = number.filter(|_| !is_resident);
                let (consultation, number) = if is_consultation { (number, None) } else { (None, number) };
                let name = names.get(&trace.by).filter(|name| !name.is_empty()).unwrap_or(&trace.by).clone();
                rows.push(TraceRow { trace, name, number, consultation, is_resident });
            }
            Ok((rows, store::count_traces(connection, &filter)?))
        })?;
        Ok(TracePage { rows, total, page, size })
    }
}

/// What people do, by the names of the list.
const DONE: [&str; 71] = [
    "registered",
    "in_work",
    "handed_over",
    "asked",
    "supplemented",
    "ready",
    "refused",
    "delivered",
    "withdrawn",
    "duplicate",
    "reopened",
    "resolved",
    "settled",
    "corrected",
    "undone",
    "claimed",
    "released",
    "stamped",
    "notified",
    "prolonged",
    "not_duplicate",
    "note",
    "granted",
    "taken_back",
    "keys_renewed",
    "keys_rotated",
    "keys_destroyed",
    "kept_days",
    "required_version",
    "hub_certified",
    "hub_ended",
    "account",
    "invited",
    "revoked",
    "accepted_aside",
    "declined_aside",
    "signed_in",
    "wrong_passphrase",
    "right_passphrase",
    "wrong_code",
    "certified",
    "published",
    "trial_ended",
    "settings",
    "invitation_withdrawn",
    "words_same",
    "words_differ",
    "chain_confirmed",
    "chain_declined",
    "contested",
    "code_on",
    "code_off",
    "recovery_code",
    "drill",
    "place",
    "lost",
    "read_out",
    "ended_session",
    "unsealed",
    "took_backup",
    "checked_backup",
    "took_verifier",
    "read_stick",
    "wrote_stick",
    "recovered",
    "details",
    "erasure_proposed",
    "erasure_confirmed",
    "erasure_declined",
    "erasure_carried_out",
    "erasure_days",
];

/// One look for all records that were seen at one time in one way.
fn facts_of(traces: Vec<Trace>) -> Vec<ClerkFact> {
    let mut looks: Vec<Look> = Vec::new();
    for trace in traces {
        let same = |look: &Look| {
            (look.at, &look.by, &look.how, &look.about) == (trace.at, &trace.by, &trace.what, &trace.about)
        };
        match looks.last_mut().filter(|look| same(look) && look.records.len() < RECORDS) {
            Some(look) => look.records.extend(trace.record),
            None => looks.push(Look {
                at: trace.at,
                by: trace.by,
                how: trace.what,
                about: trace.about,
                records: trace.record.into_iter().collect(),
            }),
        }
    }
    // Few enough in one entry that its body is never too large.
    let (mut facts, mut batch, mut size) = (Vec::new(), Vec::new(), 0);
    for look in looks {
        let bytes = 100 + look.about.len() + 16 * look.records.len();
        if !batch.is_empty() && (size + bytes > chain::limits::BODY / 2 || batch.len() == LOOKS) {
            facts.push(ClerkFact::Looks(std::mem::take(&mut batch)));
            size = 0;
        }
        size += bytes;
        batch.push(look);
    }
    if !batch.is_empty() {
        facts.push(ClerkFact::Looks(batch));
    }
    facts
}

/// Reads a page of a chain into the list; gives back how many entries it had.
fn read_on(act: &mut Act<'_>, chain: ChainId) -> Result<usize, PeerError> {
    let name = mark(chain);
    let after = act.value(&name)?.and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_be_bytes);
    let page = act.work_of(chain, after, PAGE)?;
    let Some(last) = page.last().map(|work| work.seq) else { return Ok(0) };
    let register = act.register().clone();
    for work in page.iter().filter(|work| !register.is_behind_case_end(chain, work.seq)) {
        for trace in traces_of(work) {
            if let Done::Told(fact) = &work.what {
                drop_bare(act, fact)?;
            }
            store::put_trace(act.connection(), &trace, true)?;
        }
    }
    act.put_value(&name, &last.to_be_bytes())?;
    Ok(page.len())
}

/// The line without a reason that came from the fact before, once the fact with the reason is read: desks of before
/// wrote the first alone.
fn drop_bare(act: &Act<'_>, fact: &OwnFact) -> Result<(), PeerError> {
    match ClerkFact::from_own(fact) {
        Some(ClerkFact::LetIn { chain, seq, by, at, .. }) => {
            store::drop_trace(act.connection(), &let_in(chain, seq, by, at, ""))
        }
        _ => Ok(()),
    }
}

/// That an entry was let in.
fn let_in(chain: ChainId, seq: u64, by: String, at: i64, reason: &str) -> Trace {
    let about = format!("{chain} № {seq}{}", after_colon(reason));
    Trace { at, by, what: "accepted_aside".to_owned(), record: None, about }
}

fn traces_of(work: &Work) -> Vec<Trace> {
    match &work.what {
        Done::Changed { record, officer, at, edits } => {
            let made = |what: &str, about: &str| Trace {
                at: *at,
                by: officer.clone(),
                what: what.to_owned(),
                record: Some(*record),
                about: about.to_owned(),
            };
            let text = |edit: &records::Edit| edit.value.as_text().map(str::to_owned);
            let each = edits.iter().filter_map(|edit| match edit.key.split_once('/')? {
                ("e", _) => text(edit).and_then(|text| Event::decode(&text)).map(|e| made(&e.code, "")),
                ("n", _) => Some(made("note", "")),
                _ => None,
            });
            each.collect()
        }
        Done::Told(fact) => traces_of_fact(fact),
        Done::Other => Vec::new(),
    }
}

fn traces_of_fact(fact: &OwnFact) -> Vec<Trace> {
    if let Some(fact) = ClerkFact::from_own(fact) {
        return traces_of_clerk(fact);
    }
    let made = |what: &str, by: &str, at: i64, about: String| {
        vec![Trace { at, by: by.to_owned(), what: what.to_owned(), record: None, about }]
    };
    match DeskFact::from_own(fact) {
        Some(DeskFact::Account { account, by, at }) => {
            let standing = if account.active { account.rank.text() } else { "−" };
            made("account", &by, at, format!("{} · {standing}", account.login))
        }
        Some(DeskFact::Invitation(kept)) => made("invited", &kept.by, kept.at, kept.number.to_string()),
        Some(DeskFact::HeldAtRevocation { chain, by, at, .. }) => made("revoked", &by, at, chain.to_string()),
        Some(DeskFact::Declined { chain, seq, by, at, reason }) => {
            made("declined_aside", &by, at, format!("{chain} № {seq}: {reason}"))
        }
        Some(DeskFact::InvitationUsed { chain, name, at, .. }) => {
            made("certified", "", at, format!("{name} · {chain}"))
        }
        Some(DeskFact::Catalogue(fact)) => vec![trace_of_catalogue(fact)],
        Some(DeskFact::Administration(fact)) => trace_of_administration(fact).into_iter().collect(),
        Some(DeskFact::Erasure(fact)) => vec![trace_of_erasure(fact)],
        Some(DeskFact::Accepted { chain, seq, by, at }) => vec![let_in(chain, seq, by, at, "")],
        // Written when the centre is founded; it says neither who nor when.
        Some(DeskFact::Profile(_)) | None => Vec::new(),
    }
}

fn trace_of_catalogue(fact: CatalogueFact) -> Trace {
    let made = |what: &str, by, at, about| Trace { at, by, what: what.to_owned(), record: None, about };
    match fact {
        CatalogueFact::Published { number, audience, reason, by, at, .. } => {
            let to: String = audience.iter().map(|chain| format!(" → {chain}")).collect();
            made("published", by, at, format!("№ {number}{to}{}", after_colon(&reason)))
        }
        CatalogueFact::TrialEnded { chain, number, reason, by, at } => {
            made("trial_ended", by, at, format!("№ {number} → {chain}{}", after_colon(&reason)))
        }
    }
}

/// Names nobody: the proposal by its id, its records by how many they are.
fn trace_of_erasure(fact: ErasureFact) -> Trace {
    let (what, by, at, about) = match fact {
        ErasureFact::Proposed { id, records, reason, open, by, at } => {
            let open = if open.is_empty() { open } else { format!(" ({open})") };
            ("erasure_proposed", by, at, format!("{id} · {}: {reason}{open}", records.len()))
        }
        ErasureFact::Confirmed { id, days, by, at } => ("erasure_confirmed", by, at, format!("{id} · {days} d")),
        ErasureFact::Declined { id, reason, by, at } => ("erasure_declined", by, at, format!("{id}: {reason}")),
        ErasureFact::CarriedOut { id, at } => ("erasure_carried_out", String::new(), at, id.to_string()),
        ErasureFact::Days { days, by, at } => ("erasure_days", by, at, format!("{days} d")),
    };
    Trace { at, by, what: what.to_owned(), record: None, about }
}

fn after_colon(reason: &str) -> String {
    if reason.is_empty() { String::new() } else { format!(": {reason}") }
}

/// What an administrator decided, as a line. A look at the one page where a code is offered is no decision, and what a
/// code opened is noted as a sign-in.
fn trace_of_administration(fact: AdministrationFact) -> Option<Trace> {
    use AdministrationFact as Fact;
    let hex = |id: &[u8]| id.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let on = |set| if set { "+" } else { "−" };
    let (what, by, at, about) = match fact {
        Fact::Settings { settings, by, at } => {
            let (compare, code) = (on(settings.always_compare), on(settings.code_required));
            ("settings", by, at, format!("6 {compare} · TOTP {code} · {} d", settings.drill_days))
        }
        Fact::Withdrawn { id, by, at } => ("invitation_withdrawn", by, at, hex(&id)),
        Fact::Compared { chain, same: true, by, at, .. } => ("words_same", by, at, chain.to_string()),
        Fact::Compared { chain, same: false, by, at, .. } => ("words_differ", by, at, chain.to_string()),
        Fact::Confirmed { chain, same: true, by, at } => ("chain_confirmed", by, at, chain.to_string()),
        Fact::Confirmed { chain, same: false, by, at } => ("chain_declined", by, at, chain.to_string()),
        Fact::Contested { chain, at, .. } => ("contested", String::new(), at, chain.to_string()),
        Fact::Factor { login, secret: Some(_), by, at, .. } => ("code_on", by, at, login),
        Fact::Factor { login, secret: None, by, at, .. } => ("code_off", by, at, login),
        Fact::RecoveryCode { login, at, .. } => ("recovery_code", login, at, String::new()),
        Fact::Drill { by, at } => ("drill", by, at, String::new()),
        Fact::Place { chain, place, by, at } => ("place", by, at, format!("{chain}: {place}")),
        Fact::Lost { chain, what, by, at } => ("lost", by, at, format!("{chain}: {what}")),
        Fact::Details { what, by, at } => ("details", by, at, what),
        Fact::KeptDays { days, by, at } => ("kept_days", by, at, format!("{days} d")),
        Fact::HubKey { key, ended: None, by, at } => ("hub_certified", by, at, hex(&key.0)),
        Fact::HubKey { key, ended: Some(from), by, at } => {
            ("hub_ended", by, at, format!("{} · {}", hex(&key.0), clock::Time(from)))
        }
        Fact::Minimum { protocol, suite, by, at } => ("required_version", by, at, format!("{protocol} · {suite}")),
        Fact::Rotation { ended, without, by, at } => {
            let numbers: Vec<String> = without.iter().map(u16::to_string).collect();
            (if ended { "keys_destroyed" } else { "keys_rotated" }, by, at, numbers.join(", "))
        }
        Fact::KeysRenewed { chain, records, at } => ("keys_renewed", String::new(), at, format!("{chain}: {records}")),
        Fact::ReadOut { chain, to, by, at, .. } => ("read_out", by, at, format!("{chain}: {to}")),
        // Told with the invitation itself; asked by the program; told as a sign-in.
        Fact::Compare { .. } | Fact::Asked { .. } | Fact::Code { .. } => return None,
    };
    Some(Trace { at, by, what: what.to_owned(), record: None, about })
}

fn traces_of_clerk(fact: ClerkFact) -> Vec<Trace> {
    match fact {
        ClerkFact::Looks(looks) => {
            let each = looks.into_iter().flat_map(|look| {
                let Look { at, by, how, about, records } = look;
                let records = if records.is_empty() { vec![None] } else { records.into_iter().map(Some).collect() };
                records.into_iter().map(move |record| Trace {
                    at,
                    by: by.clone(),
                    what: how.clone(),
                    record,
                    about: about.clone(),
                })
            });
            each.collect()
        }
        ClerkFact::LetIn { chain, seq, by, at, reason } => {
            vec![let_in(chain, seq, by, at, &reason)]
        }
        ClerkFact::Filter { .. } => Vec::new(),
    }
}
