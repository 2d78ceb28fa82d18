//! The hub as it stands: any message of its one suitcase, signed.

use super::cast::{SUITCASE, TENANT, TIME, first_facts, register_segment, root_public, suitcase_key};
use chain::{Answer, Carriage, Request, Token};
use clock::Time;
use hub::store::MemoryStore;
use hub::{Hub, HubKeys};
use signing::{Label, Secret};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};

fn the_hub() -> &'static Hub {
    static HUB: OnceLock<Hub> = OnceLock::new();
    HUB.get_or_init(|| {
        let keys = HubKeys::from_seed(&Secret::new([1; 32]));
        let hub = Hub::open(Arc::new(MemoryStore::default()), keys, None, || [0x51; 16]).expect("an empty store");
        hub.create_tenant(TENANT, root_public()).expect("a first tenant");
        let bytes = ask(None, vec![register_segment(first_facts())]).encode(&suitcase_key());
        hub.answer(&bytes, Time(TIME)).expect("it learns the register");
        hub
    })
}

fn ask(token: Option<Token>, segments: Vec<chain::Segment>) -> Request {
    Request { tenant: TENANT, sender: SUITCASE, token, cursor: None, budget: 1_000, heads: Vec::new(), segments }
}

/// As anybody's bytes on every route, and as the suitcase's signed message.
pub fn hub(bytes: &[u8]) {
    // Time goes on, or the suitcase has asked too often in one minute.
    static CLOCK: AtomicI64 = AtomicI64::new(TIME);
    let (hub, now) = (the_hub(), Time(CLOCK.fetch_add(100, Ordering::Relaxed)));
    for answer in [hub.answer(bytes, now), hub.carry(bytes, now), hub.restore(bytes, now), hub.enrol(bytes, now)] {
        if let Err(rejected) = answer {
            assert!(rejected.to_string().contains(" / "), "two languages: {rejected}");
        }
    }
    let request = [bytes, &suitcase_key().sign(Label::ExchangeRequest, bytes).0].concat();
    if let Ok(answered) = hub.answer(&request, now) {
        let read = Answer::decode(&answered, &Request::hash(&request), TENANT, &[hub.public()]);
        let (answer, _) = read.expect("signed").expect("a hub's answer can be read");
        assert!(answer.anchors.iter().all(chain::Anchor::is_signed));
    }
    let token = hub.answer(&ask(None, Vec::new()).encode(&suitcase_key()), now).ok().and_then(|answered| {
        let asked = Request::hash(&ask(None, Vec::new()).encode(&suitcase_key()));
        Some(Answer::decode(&answered, &asked, TENANT, &[hub.public()])?.ok()?.0.token)
    });
    let carriage = Carriage { tenant: TENANT, carrier: SUITCASE, token, letters: vec![request, bytes.to_vec()] };
    hub.carry(&carriage.encode(&suitcase_key()), now).expect("a suitcase in force may carry");
}
