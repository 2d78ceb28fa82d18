//! The hub's key: a new one is certified with the kit at hand while the old one still answers, then the old one is ended.
//! Whoever has the old key afterwards answers nobody. Suitcases learn of both with the register, those that were away
//! from the new hub itself.

use super::accounts::Rank;
use super::administration::AdministrationFact;
use super::founding::{root_public, validity_of_desk};
use super::{Desk, DeskError, ErrorKind, typed_day};
use chain::Fact;
use ids::TenantId;
use jiff::tz::TimeZone;
use signing::{Root, VerifyingKey};

/// A hub's key as the register has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HubKey {
    /// Signs its answers.
    pub key: VerifyingKey,
    /// Until when it is certified, ms since 1970.
    pub until: i64,
    /// From when on it says nothing, ms since 1970; `None`: it is at work.
    pub ended: Option<i64>,
}

impl Desk {
    /// All keys of hubs, the one certified last behind the others.
    pub fn hub_keys(&self, by: &str) -> Result<Vec<HubKey>, DeskError> {
        self.must_be(by, Rank::Administrator)?;
        let all = self.peer.register()?.hub_certificates();
        let row = |(certificate, ended): (signing::HubCertificate, Option<i64>)| HubKey {
            key: certificate.signing,
            until: certificate.validity.not_after,
            ended,
        };
        Ok(all.into_iter().map(row).collect())
    }

    /// Certifies a new hub's key beside the present one, with the kit. The words are looked at and forgotten. The same
    /// again is nothing new. Gives back whose hub it is.
    pub fn begin_hub(&self, by: &str, words: &str, address: &str, key: VerifyingKey) -> Result<TenantId, DeskError> {
        let known = self.hub_keys(by)?;
        let root = Root::from_words(words).map_err(|e| DeskError::from_text(ErrorKind::Refused, &e.to_string()))?;
        let register = self.peer.register()?;
        if root_public(&root) != *register.root() {
            return Err(super::rotation::other_kit());
        }
        let (here, there) = (self.peer.hub().trim_end_matches('/'), address.trim_end_matches('/'));
        if here != there {
            return Err(DeskError::refused(
                format!(
                    "валізи знають вузол обміну як {here}, а новий названо {there}: повторіть hub-prepare з --hub {here}"
                ),
                format!(
                    "suitcases know the hub as {here}, the new one is called {there}: run hub-prepare again with --hub {here}"
                ),
            ));
        }
        match known.iter().find(|one| one.key == key) {
            Some(HubKey { ended: Some(_), .. }) => Err(DeskError::refused(
                "ключ цього вузла вже скасовано: підготуйте вузол у новій папці (hub-prepare), з новим ключем",
                "this hub's key is ended already: prepare the hub in a new folder (hub-prepare), with a new key",
            )),
            // Finishing keeps the key that was certified last: another one in between would be kept in its place.
            Some(_) if known.iter().rfind(|one| one.ended.is_none()).is_some_and(|last| last.key != key) => {
                Err(DeskError::refused(
                    "після цього ключа посвідчено інший: підготуйте вузол у новій папці (hub-prepare), з новим ключем, і почніть з ним",
                    "another key was certified after this one: prepare the hub in a new folder (hub-prepare), with a new key, and begin with that",
                ))
            }
            Some(_) => Ok(register.tenant()),
            None => {
                let (tenant, validity) = (register.tenant(), validity_of_desk(self.now()));
                self.act_as(by, move |act| {
                    let (by, at) = (act.officer().to_owned(), act.now().0);
                    act.certify_hub(key, validity)?;
                    act.own(&AdministrationFact::HubKey { key, ended: None, by, at }.to_own()).map(|_| ())
                })?;
                Ok(tenant)
            }
        }
    }

    /// Ends every key but the one certified last. Answers that they sign count no more; anchors only if they are dated
    /// before the beginning of `since`, a day as people type it, or before now. Until the hub with the key that stays has
    /// taken in what this desk writes, only `at_once`: nobody could exchange anything if it never starts.
    pub fn finish_hub(&self, by: &str, since: Option<&str>, at_once: bool) -> Result<Vec<HubKey>, DeskError> {
        let mut at_work: Vec<HubKey> = self.hub_keys(by)?.into_iter().filter(|one| one.ended.is_none()).collect();
        let stays = at_work.pop();
        if at_work.is_empty() {
            return Err(DeskError::refused(
                "скасовувати нічого: чинний лише один ключ вузла, а без нього ніхто не обмінюється; щоб замінити його, почніть заміну (rotate-hub begin)",
                "there is nothing to end: one key of the hub counts, and without it nobody exchanges anything; to replace it, begin (rotate-hub begin)",
            ));
        }
        if !at_once && self.peer.answered_by()? != stays.map(|one| one.key) {
            return Err(unheard());
        }
        let now = self.now().0;
        let from = match since {
            None => now,
            Some(day) => self.beginning_of(day)?,
        };
        if from > now {
            return Err(DeskError::refused(
                "цей день ще не настав: назвіть день, коли ключ уже міг мати хтось інший",
                "that day has not come: name the day on which somebody else may have had the key",
            ));
        }
        self.act_as(by, move |act| {
            let (by, at) = (act.officer().to_owned(), act.now().0);
            at_work.iter().try_for_each(|one| {
                let (key, by) = (one.key, by.clone());
                act.register_fact(&Fact::HubEnded { key, from })?;
                act.own(&AdministrationFact::HubKey { key, ended: Some(from), by, at }.to_own()).map(|_| ())
            })
        })?;
        self.hub_keys(by)
    }

    /// The first moment of a day in Kyiv, ms since 1970.
    fn beginning_of(&self, day: &str) -> Result<i64, DeskError> {
        let day = typed_day(day)?;
        let kyiv = self.now().kyiv().map_or(TimeZone::UTC, |now| now.time_zone().clone());
        let begins =
            day.to_zoned(kyiv).map_err(|error| DeskError::from_text(ErrorKind::Refused, &error.to_string()))?;
        Ok(begins.timestamp().as_millisecond())
    }
}

fn unheard() -> DeskError {
    DeskError::refused(
        "новий вузол ще не відповів цьому робочому місцю, тому старий ключ лишається: інакше ніхто не обмінявся б. Запустіть новий вузол (hub-accept, hub), залиште робоче місце відкритим, доки воно з ним зв’яжеться, і повторіть. Якщо старий ключ у чужих руках і чекати не можна, додайте --at-once",
        "the new hub has not answered this desk yet, so the old key stays: else nobody could exchange anything. Start the new hub (hub-accept, hub), leave the desk open until it has reached it, and repeat. If strangers have the old key and there is no time, add --at-once",
    )
}

#[cfg(test)]
mod tests {
    use super::super::{Rank, TraceQuery, testing};
    use super::*;
    use signing::{Secret, SigningKey};

    const AT: &str = "https://127.0.0.1:8443";

    fn key(seed: u8) -> VerifyingKey {
        SigningKey::from_seed(&Secret::new([seed; 32])).public()
    }

    #[test]
    fn a_new_key_is_certified_beside_the_old_one_and_then_the_old_one_is_ended() {
        let mut town = testing::town();
        let seven = town.suitcase(7);
        let words = town.root.words().join(" ");
        let early = town.desk.finish_hub("admin", None, true).unwrap_err();
        assert!(early.sentence.uk.contains("rotate-hub begin"), "the only key is never ended: {early}");
        for _ in 0..2 {
            town.desk.begin_hub("admin", &words, "https://127.0.0.1:8443/", key(20)).unwrap();
        }
        town.carry_down(&seven);
        assert_eq!(seven.peer.register().unwrap().hubs(), [town.hub_key, key(20)], "both answer");
        let back = town.desk.begin_hub("admin", &words, AT, town.hub_key).unwrap_err();
        assert!(back.sentence.uk.contains("посвідчено інший"), "else the end would end the wrong one: {back}");
        let unheard = town.desk.finish_hub("admin", None, false).unwrap_err();
        assert!(unheard.kind == ErrorKind::Refused && unheard.sentence.uk.contains("--at-once"), "{unheard}");
        assert_eq!(town.desk.hub_keys("admin").unwrap().iter().filter(|one| one.ended.is_some()).count(), 0);
        let keys = town.desk.finish_hub("admin", None, true).unwrap();
        let now = town.clock_now();
        let ended: Vec<_> = keys.iter().map(|one| (one.key, one.ended)).collect();
        assert_eq!(ended, [(town.hub_key, Some(now)), (key(20), None)]);
        town.carry_down(&seven);
        assert_eq!(seven.peer.register().unwrap().hubs(), [key(20)]);
        assert!(town.desk.finish_hub("admin", None, true).is_err(), "nothing is left to end");
        let back = town.desk.begin_hub("admin", &words, AT, town.hub_key).unwrap_err();
        assert!(back.sentence.uk.contains("вже скасовано"), "{back}");
        // New keys of the desk certify the hub at work again, and no other.
        town.desk.begin_rotation("admin", &words).unwrap();
        town.carry_down(&seven);
        let register = seven.peer.register().unwrap();
        assert_eq!((register.hubs(), register.hub_ended(town.hub_key)), (vec![key(20)], Some(now)));
        let query = TraceQuery { size: 100, ..TraceQuery::default() };
        let rows = town.desk.traces("admin", &query).unwrap().rows;
        let told = |what: &str| rows.iter().filter(|row| row.trace.what == what).count();
        assert_eq!((told("hub_certified"), told("hub_ended")), (1, 1), "{rows:?}");
    }

    #[test]
    fn the_day_on_which_the_key_was_last_safe_is_believed() {
        let town = testing::town();
        let words = town.root.words().join(" ");
        town.desk.begin_hub("admin", &words, AT, key(20)).unwrap();
        for (day, why) in [("22.11.2026", "ще не настав"), ("учора", "01.01.2027")] {
            let refused = town.desk.finish_hub("admin", Some(day), true).unwrap_err();
            assert!(refused.sentence.uk.contains(why), "{refused}");
        }
        let keys = town.desk.finish_hub("admin", Some("20.11.2026"), true).unwrap();
        // Midnight in Kyiv, two hours before that of Greenwich.
        assert_eq!(keys[0].ended, Some(1_795_125_600_000));
    }

    #[test]
    fn a_key_is_certified_by_administrators_with_this_centre_s_kit_for_the_address_that_suitcases_know() {
        let town = testing::town();
        let words = town.root.words().join(" ");
        town.desk.add_account("admin", "o.koval", "", Rank::Clerk, testing::PASSPHRASE).unwrap();
        assert_eq!(town.desk.begin_hub("o.koval", &words, AT, key(20)).unwrap_err().kind, ErrorKind::NotAllowed);
        assert_eq!(town.desk.finish_hub("o.koval", None, true).unwrap_err().kind, ErrorKind::NotAllowed);
        assert_eq!(town.desk.hub_keys("o.koval").unwrap_err().kind, ErrorKind::NotAllowed);
        let other = Root::from_seed(Secret::new([8; 32])).words().join(" ");
        for (words, address, why) in [
            (other.as_str(), AT, "іншої громади"),
            ("одне два", AT, ""),
            (words.as_str(), "https://hub.example:8443", "hub-prepare"),
        ] {
            let refused = town.desk.begin_hub("admin", words, address, key(20)).unwrap_err();
            assert!(refused.kind == ErrorKind::Refused && refused.sentence.uk.contains(why), "{refused}");
        }
        assert_eq!(town.desk.hub_keys("admin").unwrap().len(), 1);
    }
}
