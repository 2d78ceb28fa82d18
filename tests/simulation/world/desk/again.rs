//! A desk that comes back: from an old copy, or from the kit and the hub.

use crate::dice::Dice;
use crate::plant::Plant;
use crate::world::community::{a_chain, a_key, public};
use crate::world::hub::Machine;
use crate::world::keep::{Keep, segments};
use crate::world::peer::Peer;
use crate::world::peer::keyring::Keyring;
use crate::world::peer::store::{CatchingUp, PeerStore};
use crate::world::sealed::{Key, named};
use chain::{Fact, Link, Register};
use std::rc::Rc;

impl Peer {
    /// The desk's folder came back from a copy: nothing is written before the hub has handed out what came after it.
    pub fn restore_desk(&mut self, copy: PeerStore) {
        self.disk.live = copy;
        let store = &mut self.disk.live;
        if store.plant != Some(Plant::RestoredDeskWrites) {
            store.catching_up = Some(CatchingUp::Copy(store.dialogue.lineage));
        }
        (store.dialogue.cursor, store.dialogue.token) = (None, None);
        store.state_heads = true;
        self.disk.force();
        self.crash();
    }

    /// The desk is gone. Whoever has the kit makes another one, which the hub tells everything.
    pub fn rebuild_desk(&mut self, hub: &Machine, dice: &mut Dice) {
        let before = self.disk.saved();
        let (community, number, plant) = (before.community.clone(), before.number, before.plant);
        let shared = community.shared;
        let mut known = Register::new(community.tenant, community.root);
        let old = hub.register(&community);
        old.iter().for_each(|segment| {
            // What does not verify is the hub's own word, and is left out.
            let _ = known.take(segment.clone());
        });
        let predecessor = known.current_desk().map(|desk| desk.register);
        let (register, case, key) = (a_chain(dice), a_chain(dice), a_key(dice));
        let centre = Key(dice.number());
        let mut facts = community.first_facts((register, case, &key), (centre, predecessor)).to_vec();
        if let Some(before) = predecessor {
            let end = if plant == Some(Plant::OrdersLeftBehind) { Link::EMPTY } else { known.head(before) };
            // What the lost desk said in its case chain counts, all of it: nobody stole its key here.
            let case_end = Link { seq: chain::limits::SEQ, hash: Link::EMPTY.hash };
            facts.push(Fact::Succession { register: before, end, case_end });
        }
        let mut keep = Keep::new(community.tenant);
        let written: Vec<_> = facts.iter().map(|fact| keep.append(register, public(fact), &key)).collect();
        let mut new = Register::new(community.tenant, community.root);
        segments(&written).into_iter().for_each(|segment| {
            new.take(segment).expect("its own register");
        });
        let suitcases: Vec<_> =
            known.suitcases().filter(|one| one.predecessor.is_none()).map(|one| one.chain).collect();
        let ring = Keyring::new(shared, &suitcases);
        let mut store =
            PeerStore::new((number, Some(register)), community, (case, key), (keep, Rc::new(new)), ring, plant);
        // The kit opens the secrets of those before that were not destroyed.
        let kept = known.desks().map(|(desk, ..)| desk).filter(|desk| !known.is_destroyed(desk.register));
        store.secrets = kept.map(|desk| named(&desk.agreement)).chain([centre]).collect();
        old.into_iter().for_each(|segment| store.learn(segment));
        store.catching_up = Some(CatchingUp::Kit);
        self.disk.live = store;
        self.disk.force();
        self.crash();
    }
}
