//! «Три хвилини» or «5 МБ»: what is allowed to a contact, what of that which waits will fit, and how far it has come.

use super::agent::HUB;
use super::{Agent, AppError};
use pages::Lang;
use pages::format::bytes;
use peer::sync::{Allowance, Meter};
use serde::Serialize;
use std::sync::PoisonError;
use std::time::Duration;

/// A shift has no more.
const MINUTES_MOST: f64 = 24.0 * 60.0;
/// Less is over before a connection stands.
const MINUTES_LEAST: f64 = 0.1;
const MEGABYTES_MOST: f64 = 100_000.0;
/// Less does not pay for a connection.
const MEGABYTES_LEAST: f64 = 0.01;

/// What an officer allows to one contact.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Budget {
    minutes: Option<f64>,
    megabytes: Option<f64>,
}

impl Budget {
    /// As typed: `3`, `0,5`, empty for no limit. A megabyte is 1,000,000 bytes, as an operator counts them.
    pub fn parse(minutes: &str, megabytes: &str) -> Result<Self, AppError> {
        let number = |text: &str, least: f64, most: f64| match text.trim().replace(',', ".").as_str() {
            "" => Some(None),
            text => text.parse::<f64>().ok().filter(|value| (least..=most).contains(value)).map(Some),
        };
        let minutes = number(minutes, MINUTES_LEAST, MINUTES_MOST).ok_or_else(|| {
            AppError::input(
                "хвилини: напишіть число від 0,1 до 1440, наприклад 3, або залиште порожнім",
                "minutes: write a number from 0.1 to 1440, for example 3, or leave it empty",
            )
        })?;
        let megabytes = number(megabytes, MEGABYTES_LEAST, MEGABYTES_MOST).ok_or_else(|| {
            AppError::input(
                "мегабайти: напишіть число від 0,01 до 100000, наприклад 5, або залиште порожнім",
                "megabytes: write a number from 0.01 to 100000, for example 5, or leave it empty",
            )
        })?;
        Ok(Self { minutes, megabytes })
    }

    /// Nothing is limited.
    pub fn is_unlimited(&self) -> bool {
        *self == Self::default()
    }

    /// What is left of it after so many bytes.
    pub(super) fn less(&self, bytes: u64) -> Self {
        let megabytes = self.megabytes.map(|megabytes| (megabytes - bytes as f64 / 1_000_000.0).max(0.0));
        Self { megabytes, ..*self }
    }

    pub(super) fn allowance(&self) -> Allowance {
        Allowance {
            time: self.minutes.map(|minutes| Duration::from_secs_f64(minutes * 60.0)),
            // Bounded by what is parsed.
            bytes: self.megabytes.map(|megabytes| (megabytes * 1_000_000.0) as u64),
        }
    }

    /// «3 хв і 5 МБ».
    fn words(&self, lang: Lang) -> String {
        let number = |value: f64| {
            let text = value.to_string();
            if lang == Lang::Uk { text.replace('.', ",") } else { text }
        };
        let [minute, megabyte, and] = match lang {
            Lang::Uk => ["хв", "МБ", " і "],
            Lang::En => ["min", "MB", " and "],
        };
        let parts = [
            self.minutes.map(|n| format!("{} {minute}", number(n))),
            self.megabytes.map(|n| format!("{} {megabyte}", number(n))),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(and)
    }
}

/// What will fit, before anything is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Forecast {
    /// The same as a sentence.
    pub uk: String,
    /// In English.
    pub en: String,
    /// Bytes on the wire that the budget comes to; `None`: unlimited, or the speed was never measured.
    pub room_bytes: Option<u64>,
    /// Bytes on the wire of all that waits.
    pub waiting_bytes: u64,
    /// Requests that will arrive whole.
    pub requests: u64,
    /// Requests that wait.
    pub requests_waiting: u64,
    /// Entries that will arrive.
    pub entries: u64,
    /// Entries that wait.
    pub entries_waiting: u64,
    /// Seconds that all of it would take at the speed of the last contacts.
    pub seconds_for_all: Option<u64>,
}

/// How far the contact under way has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Bytes through the network so far, both ways.
    pub bytes: u64,
    /// About so many there will be; what the centre sends is not known before.
    pub of: u64,
    /// Seconds that are left at the speed so far; `None` until there is one.
    pub seconds_left: Option<u64>,
}

impl Progress {
    /// «120 КБ із ≈ 240 КБ · лишилося ≈ 1 хв 20 с».
    pub fn words(&self, lang: Lang) -> String {
        let (so_far, all) = (bytes(self.bytes, lang), bytes(self.of.max(self.bytes), lang));
        let left = self.seconds_left.map(|seconds| duration(seconds, lang));
        match (lang, left) {
            (Lang::Uk, Some(left)) => format!("{so_far} із ≈ {all} · лишилося ≈ {left}"),
            (Lang::Uk, None) => format!("{so_far} із ≈ {all}"),
            (Lang::En, Some(left)) => format!("{so_far} of ≈ {all} · ≈ {left} left"),
            (Lang::En, None) => format!("{so_far} of ≈ {all}"),
        }
    }
}

/// A contact under way.
pub(super) struct Underway {
    meter: Meter,
    before: u64,
    of: u64,
    begun: u64,
    limit_ms: Option<u64>,
}

impl Agent {
    /// What of that which waits will fit.
    pub fn forecast(&self, budget: &Budget) -> Result<Forecast, AppError> {
        let fit = peer::sync::forecast(&self.peer, HUB, &budget.allowance())?;
        let mut forecast = Forecast {
            uk: String::new(),
            en: String::new(),
            room_bytes: fit.room,
            waiting_bytes: fit.all_bytes,
            requests: fit.requests.0,
            requests_waiting: fit.requests.1,
            entries: fit.entries.0,
            entries_waiting: fit.entries.1,
            seconds_for_all: fit.all_takes.map(|ms| ms.div_ceil(1_000)),
        };
        (forecast.uk, forecast.en) = (forecast.sentence(budget, Lang::Uk), forecast.sentence(budget, Lang::En));
        Ok(forecast)
    }

    /// How far the contact under way has come.
    pub fn progress(&self) -> Option<Progress> {
        let underway = self.underway.lock().unwrap_or_else(PoisonError::into_inner);
        let Underway { meter, before, of, begun, limit_ms } = underway.as_ref()?;
        let moved = meter.traffic().both().saturating_sub(*before);
        let spent = self.steady().saturating_sub(*begun);
        // Nobody knows a speed by the first bytes.
        let known = moved >= 4 * 1024 && spent >= 500;
        let by_bytes = known.then(|| of.saturating_sub(moved).saturating_mul(spent) / moved);
        let by_time = limit_ms.map(|limit| limit.saturating_sub(spent));
        let left = [by_bytes, by_time].into_iter().flatten().min();
        Some(Progress { bytes: moved, of: *of, seconds_left: left.map(|ms| ms.div_ceil(1_000)) })
    }

    pub(super) fn set_out(&self, meter: Meter, allowance: &Allowance) {
        let before = meter.traffic().both();
        let of = peer::sync::forecast(&self.peer, HUB, allowance)
            .map(|fit| fit.room.map_or(fit.all_bytes, |room| room.min(fit.all_bytes)))
            .unwrap_or_default();
        let limit_ms = allowance.time.map(|time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
        let underway = Underway { meter, before, of, begun: self.steady(), limit_ms };
        *self.underway.lock().unwrap_or_else(PoisonError::into_inner) = Some(underway);
    }

    pub(super) fn arrived(&self) {
        *self.underway.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl Forecast {
    fn sentence(&self, budget: &Budget, lang: Lang) -> String {
        let limits = budget.words(lang);
        let waiting = match (lang, self.requests_waiting) {
            (Lang::Uk, 0) => format!("записів {}", self.entries_waiting),
            (Lang::Uk, requests) => format!("звернень {requests}"),
            (Lang::En, 0) => format!("{} entries", self.entries_waiting),
            (Lang::En, requests) => format!("{requests} requests"),
        };
        let size = bytes(self.waiting_bytes, lang);
        if self.entries_waiting == 0 {
            return match lang {
                Lang::Uk => "Надсилати нічого; обмін лише забере новини центру".into(),
                Lang::En => "Nothing waits to be sent; only the centre's news comes in".into(),
            };
        }
        let Some(room) = self.room_bytes else {
            let takes = self.seconds_for_all.map(|seconds| duration(seconds, lang));
            return match (lang, takes, limits.as_str()) {
                (Lang::Uk, Some(takes), "") => format!("Чекає {waiting}, ≈ {size}, ≈ {takes}"),
                (Lang::En, Some(takes), "") => format!("Waiting: {waiting}, ≈ {size}, ≈ {takes}"),
                (Lang::Uk, None, "") => format!("Чекає {waiting}, ≈ {size}"),
                (Lang::En, None, "") => format!("Waiting: {waiting}, ≈ {size}"),
                (Lang::Uk, ..) => format!(
                    "{limits}: швидкість ще не виміряна, тож буде надіслано, скільки встигне, по черзі; чекає {waiting}, ≈ {size}"
                ),
                (Lang::En, ..) => format!(
                    "{limits}: the speed was never measured, so as much is sent, in order, as there is time for; waiting: {waiting}, ≈ {size}"
                ),
            };
        };
        let (room, limits) =
            (bytes(room, lang), if budget.minutes.is_some() { format!("{limits} ≈ ") } else { String::new() });
        if self.entries == self.entries_waiting {
            return match lang {
                Lang::Uk => format!("{limits}{room}: усе, що чекає ({waiting}, ≈ {size})"),
                Lang::En => format!("{limits}{room}: everything that waits ({waiting}, ≈ {size})"),
            };
        }
        let (fits, all) = if self.requests_waiting > 0 {
            (self.requests, self.requests_waiting)
        } else {
            (self.entries, self.entries_waiting)
        };
        let what = match (lang, self.requests_waiting > 0) {
            (Lang::Uk, true) => "звернень",
            (Lang::Uk, false) => "записів",
            (Lang::En, true) => "requests",
            (Lang::En, false) => "entries",
        };
        match lang {
            Lang::Uk => format!("{limits}{room}: {fits} із {all} {what}; решта — наступного разу"),
            Lang::En => format!("{limits}{room}: {fits} of {all} {what}; the rest next time"),
        }
    }
}

/// «1 хв 20 с».
fn duration(seconds: u64, lang: Lang) -> String {
    let [hour, minute, second] = match lang {
        Lang::Uk => ["год", "хв", "с"],
        Lang::En => ["h", "min", "s"],
    };
    match (seconds / 3_600, seconds / 60 % 60, seconds % 60) {
        (0, 0, s) => format!("{s} {second}"),
        (0, m, 0) => format!("{m} {minute}"),
        (0, m, s) => format!("{m} {minute} {s} {second}"),
        (h, m, _) => format!("{h} {hour} {m} {minute}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{agent, sample_form};

    #[test]
    fn budgets_are_read_as_people_write_them_and_nonsense_is_told() {
        let budget = Budget::parse(" 3 ", "0,5").unwrap();
        assert_eq!(budget.words(Lang::Uk), "3 хв і 0,5 МБ");
        assert_eq!(budget.allowance().bytes, Some(500_000));
        assert_eq!(budget.allowance().time, Some(Duration::from_secs(180)));
        assert!(Budget::parse("", " ").unwrap().is_unlimited());
        for (minutes, megabytes) in [("три", ""), ("-1", ""), ("0", ""), ("1e9", ""), ("NaN", ""), ("inf", "")] {
            assert!(Budget::parse(minutes, megabytes).unwrap_err().to_string().contains("хвилини"), "{minutes}");
            assert!(Budget::parse(megabytes, minutes).unwrap_err().to_string().contains("мегабайти"), "{minutes}");
        }
    }

    #[test]
    fn what_fits_is_said_before_anything_is_sent() {
        let (_bench, agent) = agent();
        let nothing = agent.forecast(&Budget::default()).unwrap();
        assert!(nothing.uk.contains("Надсилати нічого") || nothing.requests_waiting == 0, "{nothing:?}");
        for last in ["Коваленко", "Гук", "Їжак", "Мороз"] {
            let mut form = sample_form();
            form.fields.insert("a.last".into(), last.into());
            agent.save(&form, None).or_else(|_| agent.save(&sample_form(), None)).unwrap();
        }
        let all = agent.forecast(&Budget::default()).unwrap();
        assert_eq!((all.requests, all.requests_waiting), (4, 4), "{all:?}");
        let little = Budget::parse("", "0,0065").map(|_| ()).unwrap_err();
        assert!(little.to_string().contains("0,01"), "{little}");
        let some = agent.forecast(&Budget { minutes: None, megabytes: Some(0.0065) }).unwrap();
        assert!(some.requests < 4 && some.entries < some.entries_waiting, "{some:?}");
        assert!(some.uk.contains(&format!("{} із 4 звернень; решта — наступного разу", some.requests)), "{}", some.uk);
        let unknown = agent.forecast(&Budget::parse("3", "").unwrap()).unwrap();
        assert!(unknown.uk.contains("швидкість ще не виміряна") && unknown.room_bytes.is_none(), "{unknown:?}");
        assert!(agent.progress().is_none(), "nothing is under way");
    }

    #[test]
    fn progress_is_a_line() {
        let progress = Progress { bytes: 120_000, of: 240_000, seconds_left: Some(80) };
        assert_eq!(progress.words(Lang::Uk), "120 КБ із ≈ 240 КБ · лишилося ≈ 1 хв 20 с");
        assert_eq!(progress.words(Lang::En), "120 kB of ≈ 240 kB · ≈ 1 min 20 s left");
        assert_eq!(duration(3_725, Lang::Uk), "1 год 2 хв");
    }
}
