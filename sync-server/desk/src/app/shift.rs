//! A suitcase's end-of-shift statement, compared with what the centre itself holds.

use super::accounts::Rank;
use super::{Desk, DeskError};
use ::papers::shift_from_text;
use chain::{EndOfShift, Standing};
use ids::ChainId;
use peer::View;

/// What a statement says, and what is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShiftCheck {
    /// Number of the suitcase.
    pub suitcase: u16,
    /// Login of the officer.
    pub officer: String,
    /// When it was made, by the suitcase's clock, ms since 1970.
    pub at: i64,
    /// Requests of that day, and in all.
    pub requests: (u64, u64),
    /// Last entry of each chain, and when the hub anchored it, ms since 1970.
    pub chains: Vec<(u64, i64)>,
    /// Entries that the suitcase wrote after it, as far as they arrived.
    pub later: u64,
    /// Entries that were taken with remarks, and how many of them are set aside to this day.
    pub remarks: (usize, usize),
    /// Drafts that stayed: service, last change in ms since 1970.
    pub drafts: Vec<(String, i64)>,
    /// Why it does not hold here, in Ukrainian and English; empty if it does.
    pub faults: Vec<(String, String)>,
}

impl Desk {
    /// Checks a statement: its signatures against the register, its entries against the chains that are held.
    /// `text` may be a whole file with the statement in it.
    pub fn check_shift(&self, by: &str, text: &str) -> Result<ShiftCheck, DeskError> {
        self.must_be(by, Rank::Clerk)?;
        let register = self.peer.register()?;
        let bytes = shift_from_text(text).ok_or(chain::ShiftError::Form);
        let statement = bytes.and_then(|bytes| EndOfShift::verified(&bytes, &register)).map_err(refused)?;
        let mut faults = Vec::new();
        for closed in &statement.chains {
            if let Standing::Revoked { from } = register.standing(closed.chain, statement.at)
                && statement.at >= from
            {
                faults.push((
                    "акт складено після відкликання валізи".into(),
                    "the statement was made after the suitcase was revoked".into(),
                ));
            }
        }
        let (later, remaining) = self.peer.read(|view| {
            let (mut later, mut remaining) = (0, 0);
            for closed in &statement.chains {
                faults.extend(compared(view, statement.tenant, closed)?);
                later += view.end(closed.chain)?.seq.saturating_sub(closed.end.seq);
                let now = view.exceptions(Some(closed.chain))?;
                let still = |seq: u64| now.iter().any(|(_, exception)| exception.seq == seq);
                remaining += closed.exceptions.iter().filter(|(seq, _)| still(*seq)).count();
            }
            Ok((later, remaining))
        })?;
        let named: usize = statement.chains.iter().map(|closed| closed.exceptions.len()).sum();
        Ok(ShiftCheck {
            suitcase: statement.suitcase,
            officer: statement.officer,
            at: statement.at,
            requests: statement.requests,
            chains: statement.chains.iter().map(|closed| (closed.end.seq, closed.anchor.time)).collect(),
            later,
            remarks: (named, remaining),
            drafts: statement.drafts.into_iter().map(|draft| (draft.service, draft.changed)).collect(),
            faults,
        })
    }
}

/// What is not as the statement says.
fn compared(
    view: &View<'_>,
    tenant: ids::TenantId,
    closed: &chain::ClosedChain,
) -> Result<Option<(String, String)>, peer::PeerError> {
    let held = |chain: ChainId, seq: u64| -> Result<Option<signing::Hash>, peer::PeerError> {
        let segment = view.segment(chain, seq, 1)?;
        let entries = segment.and_then(|segment| segment.linked(tenant).ok()).unwrap_or_default();
        Ok(entries.first().map(|entry| entry.hash))
    };
    let seq = closed.end.seq;
    let said = |uk: String, en: String| Ok(Some((uk, en)));
    match held(closed.chain, seq)? {
        None => {
            return said(
                format!("запису № {seq} валізи в центрі немає: дочекайтеся обміну або перевірте копію центру"),
                format!("the suitcase's entry {seq} is not here: wait for the exchange, or check the centre's backup"),
            );
        }
        Some(hash) if hash != closed.end.hash => {
            return said(
                format!("під № {seq} у центрі інший запис: валізу відновлено з копії або скопійовано"),
                format!("another entry is held here under {seq}: the suitcase was restored from a copy, or copied"),
            );
        }
        Some(_) => {}
    }
    if view.end(closed.chain)?.seq < seq {
        return said(
            format!("перед записом № {seq} бракує попередніх: ланцюг у центрі не цілий"),
            format!("entries before {seq} are missing: the chain is not whole here"),
        );
    }
    if view.verdict_end(closed.chain)? < seq {
        return said(
            format!("центр ще не відкрив записи до № {seq}"),
            format!("the centre has not opened the entries up to {seq} yet"),
        );
    }
    let (case, entry) = closed.verdict;
    match held(case, entry.seq)? {
        Some(hash) if hash != entry.hash => said(
            format!("вердикт № {} у ланцюзі центру інший", entry.seq),
            format!("the verdict {} in the centre's chain is another one", entry.seq),
        ),
        _ => Ok(None),
    }
}

fn refused(error: chain::ShiftError) -> DeskError {
    let text = error.to_string();
    let (uk, en) = text.split_once(" / ").unwrap_or((&text, &text));
    DeskError::refused(uk.to_owned(), en.to_owned())
}
