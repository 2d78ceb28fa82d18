//! How the suitcase stands: what is where, when the centre was last heard, what needs a person.

use super::agent::HUB;
use super::{Agent, AppError};
use chain::Standing;
use pages::{Lang, Texts};
use peer::Filter;
use records::schema::Kind;
use serde::{Deserialize, Serialize};

/// Under this name the database keeps what the hub refused at the last contact, as JSON.
pub(super) const REFUSALS: &str = "refusals";

/// The centre's sentence; where a code of a later version came without one, what it means for the officer.
fn why(exception: chain::Exception) -> String {
    if exception.sentence.is_empty() && matches!(exception.code, chain::ExceptionCode::Other(_)) {
        let word = |lang| Texts::new(lang).with("shift-why-word", "code", i64::from(exception.code.code()));
        return format!("{} / {}", word(Lang::Uk), word(Lang::En));
    }
    exception.sentence
}

const DAY: i64 = 86_400_000;

/// Everything a glance should tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// «Валіза 7».
    pub suitcase: u16,
    /// Whose slot is open.
    pub officer: String,
    /// The hub's address.
    pub hub: String,
    /// Requests that are on this suitcase only: «тут».
    pub here: u64,
    /// Requests that the hub holds and the centre has not opened: «у дорозі».
    pub on_the_way: u64,
    /// Requests that the centre has: «у центрі».
    pub at_centre: u64,
    /// Own entries that wait to be sent.
    pub waiting_entries: u64,
    /// Their bytes.
    pub waiting_bytes: u64,
    /// Requests in which people differ.
    pub differing: u64,
    /// Drafts.
    pub drafts: usize,
    /// Residents known here.
    pub residents: u64,
    /// When the hub last answered, device time, ms since 1970.
    pub last_contact: Option<i64>,
    /// When a new word that the centre signed came, device time, ms since 1970: a hub may answer and keep it back.
    pub news_at: Option<i64>,
    /// How old that is, ms. `None`: never heard, or the clock says otherwise.
    pub news_age: Option<i64>,
    /// The centre has said more than came here: somebody on the way keeps it back.
    pub news_held_back: bool,
    /// The laptop's clock, ms since 1970.
    pub clock: i64,
    /// False: the clock is obviously wrong.
    pub clock_plausible: bool,
    /// How the centre regards this suitcase.
    pub certificate: CertificateStanding,
    /// What the hub did not take at the last contact, in words.
    pub refusals: Vec<String>,
    /// What the centre has set aside.
    pub set_aside: Vec<SetAside>,
    /// Records that were erased here by order of the centre.
    pub erased: usize,
    /// When the suitcase had looked through everything that it keeps, device time, ms since 1970.
    pub scrubbed_at: Option<i64>,
    /// What it found damaged, one sentence each.
    pub damaged: Vec<String>,
}

/// How the centre regards this suitcase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "standing", rename_all = "snake_case")]
pub enum CertificateStanding {
    /// Certified.
    Live {
        /// Days until it expires; renewed at any contact in time.
        days: i64,
    },
    /// Run out: it goes on recording and sending, and receives again after the centre renews it.
    Expired {
        /// How many days ago.
        days: i64,
    },
    /// Revoked: what it sends is kept apart until a person at the centre decides.
    Revoked {
        /// Since when, ms since 1970.
        from: i64,
        /// Why, as the centre wrote it.
        reason: String,
    },
    /// This suitcase began anew, because its disk was put back from a copy or is there twice: it works, and what it sends
    /// waits at the centre until a person has confirmed it.
    Unconfirmed {
        /// When, device time, ms since 1970.
        at: i64,
    },
    /// Its number goes on with another laptop: what it sends is set aside.
    Continued,
    /// The centre has not answered the enrolment yet.
    Waiting,
}

/// An own entry that is not among the centre's records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAside {
    /// Its number in the chain.
    pub seq: u64,
    /// The request it is about; empty if it is about none.
    pub number: String,
    /// Why.
    pub why: String,
    /// It was erased by order: nobody decides on it any more.
    #[serde(default)]
    pub erased: bool,
}

impl Agent {
    /// How the suitcase stands.
    pub fn status(&self) -> Result<Status, AppError> {
        let (now, exceptions) = (self.now(), self.peer.own_exceptions()?);
        let certificate = self.standing()?;
        let known = self.peer.register()?.desks().map(|(_, end, _)| end.seq).max().unwrap_or(0);
        let scrubbed = self.scrubbed();
        let of = |kind: Kind| Filter { kind: Some(kind), ..Filter::default() };
        Ok(self.peer.read(|view| {
            let places = view.whereabouts(Kind::Request, HUB)?;
            // Requests that came from the centre have no entry of ours: they are there.
            let all = view.count(&of(Kind::Request))?;
            let foreign = all.saturating_sub(places.here + places.on_the_way + places.at_centre);
            let last = view.value("last contact")?.and_then(|bytes| bytes.try_into().ok()).map(i64::from_be_bytes);
            let news = view.news_at()?;
            let refusals = view.value(REFUSALS)?.unwrap_or_default();
            let mut set_aside = Vec::new();
            for (chain, exception) in exceptions {
                let record = view.record_of(chain, exception.seq)?;
                let row = record.map(|record| view.row(record)).transpose()?.flatten();
                let number = row.and_then(|row| row.number).unwrap_or_default();
                let erased = exception.code == chain::ExceptionCode::Erased;
                set_aside.push(SetAside { seq: exception.seq, number, why: why(exception), erased });
            }
            Ok(Status {
                suitcase: self.suitcase_number(),
                officer: self.officer().to_owned(),
                hub: self.peer.hub().to_owned(),
                here: places.here,
                on_the_way: places.on_the_way,
                at_centre: places.at_centre + foreign,
                waiting_entries: places.waiting_entries,
                waiting_bytes: places.waiting_bytes,
                differing: view.count(&Filter { differing: true, ..of(Kind::Request) })?,
                drafts: view.drafts()?.len(),
                residents: view.count(&of(Kind::Resident))?,
                last_contact: last,
                news_at: news,
                news_age: news.map(|news| now.0.saturating_sub(news)).filter(|age| *age >= 0),
                news_held_back: view.register_told()? > known,
                clock: now.0,
                clock_plausible: now.is_plausible(),
                certificate: certificate.clone(),
                refusals: serde_json::from_slice(&refusals).unwrap_or_default(),
                set_aside,
                erased: view.erased_count()?,
                scrubbed_at: scrubbed.ended,
                damaged: scrubbed.faults,
            })
        })?)
    }

    /// How the centre regards this suitcase, as far as the register here says.
    pub fn standing(&self) -> Result<CertificateStanding, AppError> {
        let (register, chain, now) = (self.peer.register()?, self.peer.chain(), self.now().0);
        let until = register.suitcase(chain).map(|certificate| certificate.validity.not_after);
        let days = |from: i64, to: i64| to.saturating_sub(from) / DAY;
        Ok(match (register.standing(chain, now), until) {
            (Standing::Revoked { from }, _) => {
                let reason = register.revocation(chain).map(|(_, reason)| reason.to_owned()).unwrap_or_default();
                CertificateStanding::Revoked { from, reason }
            }
            (Standing::Unconfirmed, _) => {
                CertificateStanding::Unconfirmed { at: register.rebirth(chain).map_or(0, |rebirth| rebirth.at) }
            }
            (Standing::Continued { .. }, _) => CertificateStanding::Continued,
            (Standing::Expired, Some(until)) => CertificateStanding::Expired { days: days(until, now) },
            (_, Some(until)) => CertificateStanding::Live { days: days(now, until) },
            (_, None) => CertificateStanding::Waiting,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{NOON, agent, sample_form};
    use chain::Fact;
    use records::commands::RequestCommand;

    #[test]
    fn what_is_recorded_is_here_until_the_centre_has_it() {
        let (bench, agent) = agent();
        let empty = agent.status().unwrap();
        assert_eq!((empty.here, empty.waiting_entries, empty.last_contact), (0, 0, None));
        assert_eq!(empty.certificate, CertificateStanding::Live { days: 180 });
        let saved = agent.save(&sample_form(), None).unwrap();
        let status = agent.status().unwrap();
        // Epoch, resident, visit, request.
        assert_eq!((status.here, status.on_the_way, status.at_centre, status.waiting_entries), (1, 0, 0, 4));
        assert!(status.waiting_bytes > 500, "{}", status.waiting_bytes);
        bench.centre.take_from(&agent.peer);
        bench.centre.decide(&saved.record, RequestCommand::Ask { text: "довідка про доходи".into() });
        bench.centre.give_to(&agent.peer);
        assert_eq!(agent.request(&saved.number).unwrap().state, "asked");
        agent.supplement(&saved.number, &[], "довідку принесено").unwrap();
        assert_eq!(agent.request(&saved.number).unwrap().state, "supplemented");
    }

    #[test]
    fn certificates_run_out_and_are_revoked_and_recording_goes_on() {
        let (bench, agent) = agent();
        bench.clock.set_wall(clock::Time(NOON.0 + 190 * DAY));
        assert_eq!(agent.standing().unwrap(), CertificateStanding::Expired { days: 10 });
        agent.save(&sample_form(), None).unwrap();
        let chain = agent.peer.chain();
        let revocation = Fact::Revocation { chain, from: NOON.0, reason: "вкрадено".into() };
        bench.centre.desk.act(move |act| act.register_fact(&revocation)).unwrap();
        bench.centre.give_to(&agent.peer);
        assert!(
            matches!(agent.standing().unwrap(), CertificateStanding::Revoked { reason, .. } if reason == "вкрадено")
        );
        agent.save(&sample_form(), None).unwrap();
        bench.centre.take_from(&agent.peer);
        bench.centre.give_to(&agent.peer);
        // The centre keeps the late work for a person to decide, and tells a revoked suitcase nothing more.
        let kept = bench.centre.desk.read(|view| view.exceptions(Some(chain))).unwrap();
        assert!(kept.iter().all(|(_, exception)| exception.code == chain::ExceptionCode::Quarantined));
        assert!(!kept.is_empty());
        assert_eq!(agent.status().unwrap().set_aside.len(), 0);
    }
}
