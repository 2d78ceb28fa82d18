//! «Обмін»: what the centre has not opened yet, an item at a time, and how the last attempt went.

use super::agent::HUB;
use super::{Agent, AppError, SyncOutcome, Where};
use peer::{Pending, RecordRow, Whereabout};
use records::schema::Kind;
use serde::{Deserialize, Serialize};

/// Under this name the database keeps how the last attempt went, as JSON.
const ATTEMPT: &str = "last attempt";

/// How the exchange stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exchange {
    /// A page of the items, what was written first before.
    pub items: Vec<ExchangeItem>,
    /// How many there are in all.
    pub total: u64,
    /// When it was last tried, and why that failed.
    pub last_attempt: Option<Attempt>,
    /// A contact is under way.
    pub working: bool,
    /// The last contact ended at its limits: none follows by itself for a while.
    pub spent: bool,
    /// Seconds until the next attempt; nobody waits for one where no program runs.
    pub next_in: Option<u64>,
}

/// An attempt to reach the centre.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Device time, ms since 1970.
    pub at: i64,
    /// Why it failed, in words; `None`: it succeeded.
    pub trouble: Option<String>,
}

/// Something that the centre has not opened as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExchangeItem {
    /// `request`, `resident`, `visit` or `consultation`.
    pub kind: &'static str,
    /// The same in Ukrainian: «звернення», «особа», «виїзд», «консультація».
    pub kind_uk: &'static str,
    /// In English.
    pub kind_en: &'static str,
    /// Its record.
    pub record: String,
    /// Number on the опис; empty for what has none.
    pub number: String,
    /// Who it is about.
    pub title: String,
    /// The service's name in Ukrainian; empty for what is about none.
    pub service_name: String,
    /// Where it is.
    pub place: Where,
    /// Entries that the centre has not opened.
    pub entries: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Since when it waits, device time, ms since 1970.
    pub since: i64,
}

const fn kind_in_words(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Request => ("звернення", "request"),
        Kind::Resident => ("особа", "person"),
        Kind::Visit => ("виїзд", "visit"),
        Kind::Consultation => ("консультація", "consultation"),
    }
}

impl Agent {
    /// How the exchange stands, with a page of its items.
    pub fn exchange(&self, offset: usize, limit: usize) -> Result<Exchange, AppError> {
        let (items, total, attempt) = self.peer.read(|view| {
            let (items, total) = view.pending(HUB, offset, limit)?;
            Ok((items, total, view.value(ATTEMPT)?))
        })?;
        let state = self.sync_state().borrow().clone();
        let runs = state.succeeded.is_some() || state.trouble.is_some();
        Ok(Exchange {
            items: items.into_iter().map(|pending| self.exchange_item(pending)).collect(),
            total,
            last_attempt: attempt.and_then(|bytes| serde_json::from_slice(&bytes).ok()),
            working: state.working,
            spent: state.trouble.is_none() && state.last.spent,
            next_in: runs.then(|| state.next_at.saturating_sub(self.steady()).div_ceil(1_000)),
        })
    }

    fn exchange_item(&self, pending: Pending) -> ExchangeItem {
        let Pending { row, whereabout, entries, bytes, since } = pending;
        let (kind_uk, kind_en) = kind_in_words(row.kind);
        ExchangeItem {
            kind_uk,
            kind_en,
            kind: row.kind.name(),
            record: row.record.to_string(),
            service_name: self.name_of_service(&row),
            number: row.number.unwrap_or_default(),
            title: row.title,
            place: match whereabout {
                Whereabout::Here => Where::Here,
                Whereabout::OnTheWay => Where::OnTheWay,
                Whereabout::AtCentre => Where::AtCentre,
            },
            entries,
            bytes,
            since,
        }
    }

    fn name_of_service(&self, row: &RecordRow) -> String {
        let named = [Kind::Request, Kind::Consultation].contains(&row.kind);
        let words = named.then(|| self.service_name(&row.service)).flatten();
        words.map_or_else(|| row.service.clone(), |words| words.uk)
    }

    /// Remembers how an attempt went, so that a command can tell, too. It never hinders the exchange.
    pub(super) fn keep_attempt(&self, outcome: &Result<SyncOutcome, AppError>) {
        let attempt = Attempt { at: self.now().0, trouble: outcome.as_ref().err().map(ToString::to_string) };
        let kept = serde_json::to_vec(&attempt).map(|bytes| self.peer.act(move |act| act.put_value(ATTEMPT, &bytes)));
        // A full disk is the trouble itself, and is said as such.
        if !matches!(kept, Ok(Ok(()))) {
            tracing::warn!("how the attempt went was not kept");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{agent, sample_form};

    #[test]
    fn each_item_says_where_it_is_how_large_and_since_when() {
        let (bench, agent) = agent();
        let saved = agent.save(&sample_form(), None).unwrap();
        let exchange = agent.exchange(0, 10).unwrap();
        assert_eq!(exchange.total, 3, "the resident, the visit and the request");
        let words: std::collections::BTreeSet<&str> = exchange.items.iter().map(|item| item.kind_uk).collect();
        assert!(["звернення", "особа", "виїзд"].iter().all(|word| words.contains(word)), "{words:?}");
        let item = exchange.items.iter().find(|item| item.kind == "request").unwrap();
        assert_eq!((item.number.as_str(), item.place, item.entries), (saved.number.as_str(), Where::Here, 1));
        assert!(item.bytes > 200 && item.since == agent.now().0, "{item:?}");
        assert!(item.service_name.to_lowercase().contains("субсид"), "{}", item.service_name);
        assert_eq!((exchange.last_attempt, exchange.next_in), (None, None));
        assert_eq!(agent.exchange(1, 10).unwrap().items.len(), 2);
        bench.clock.advance(std::time::Duration::from_secs(60));
        agent.note(&saved.number, "собака у дворі").unwrap();
        let item = agent.exchange(0, 10).unwrap().items.into_iter().find(|item| item.kind == "request").unwrap();
        assert_eq!((item.entries, item.since), (2, agent.now().0 - 60_000), "since the oldest");
    }

    #[test]
    fn an_attempt_that_failed_is_told_later_by_a_command() {
        let (_bench, agent) = agent();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(agent.sync()).unwrap_err();
        let attempt = agent.exchange(0, 1).unwrap().last_attempt.unwrap();
        assert_eq!(attempt.at, agent.now().0);
        assert!(attempt.trouble.unwrap().contains("немає зв’язку"));
    }
}
