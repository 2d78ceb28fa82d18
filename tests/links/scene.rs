//! A suitcase, a hub on a socket, and the chaos between them.

use chain::Courier;
use peer::Peer;
use peer::sync::{Allowance, Contact, Link, Patience, SyncError, sync_within};
use records::Kind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use valiza_tests::chaos::{Chaos, Fate, Weather};
use valiza_tests::served;
use valiza_tests::world::{Member, World, request_fields};

/// A runtime as the programs have it.
pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// Waits short enough for a test; the programs' own are tested where they are set.
pub const SHORT: Patience = Patience {
    connect: Duration::from_millis(700),
    silence: Duration::from_millis(250),
    message: Duration::from_secs(60),
};

pub struct Scene {
    pub world: World,
    pub suitcase: Member,
    pub hub: SocketAddr,
    pub chaos: Chaos,
    next: u32,
}

impl Scene {
    /// Everything goes through until the plan says otherwise. One request is at the hub already, with what a suitcase
    /// tells once.
    pub async fn new(weather: Weather) -> Self {
        let mut world = World::new();
        let suitcase = world.suitcase(7);
        let hub = served::serve(&world).await;
        let chaos = Chaos::start(hub, weather, |_| Fate::default()).await;
        let mut scene = Self { world, suitcase, hub, chaos, next: 0 };
        scene.record(1);
        let mut link = served::link(&scene.world, hub);
        peer::sync::sync(scene.peer(), &mut link, "hub", &mut Courier::default()).await.unwrap();
        scene
    }

    pub fn peer(&self) -> &Arc<Peer> {
        self.suitcase.peer()
    }

    pub fn link(&self) -> Link {
        served::link(&self.world, self.chaos.address).with_patience(SHORT)
    }

    /// Records so many requests, each an entry.
    pub fn record(&mut self, count: u32) {
        for _ in 0..count {
            self.next += 1;
            let fields = request_fields(&format!("7-{:06}", self.next), "Коваленко");
            self.peer().act(move |act| act.create(Kind::Request, &fields)).unwrap();
        }
    }

    /// One contact over a new connection.
    pub async fn sync(&self, courier: &mut Courier) -> Result<Contact, SyncError> {
        self.sync_within(courier, &Allowance::default()).await
    }

    pub async fn sync_within(&self, courier: &mut Courier, allowance: &Allowance) -> Result<Contact, SyncError> {
        sync_within(self.peer(), &mut self.link(), "hub", courier, allowance).await
    }

    /// As a schedule does: again until it succeeds.
    pub async fn sync_in_the_end(&self, attempts: usize) -> Contact {
        let mut courier = Courier::default();
        let mut last = None;
        for _ in 0..attempts {
            match self.sync(&mut courier).await {
                Ok(contact) => return contact,
                Err(error) => last = Some(error),
            }
        }
        panic!("{attempts} attempts brought nothing home: {last:?}");
    }

    /// Own entries that the hub has not confirmed.
    pub fn waiting(&self) -> u64 {
        self.peer().read(|view| view.whereabouts(Kind::Request, "hub")).unwrap().waiting_entries
    }

    /// All entries that the hub holds, of everybody.
    pub fn held(&self) -> u64 {
        self.world.hub.marker().unwrap().positions
    }

    /// The centre has every request once and nothing else; nothing of it is broken.
    pub fn all_is_well(&self) {
        assert_eq!(self.waiting(), 0);
        self.world.centre();
        let desk = self.world.desk.peer();
        let filter = peer::Filter { kind: Some(Kind::Request), ..Default::default() };
        let count = desk.read(|view| view.count(&filter)).unwrap();
        assert_eq!(count, u64::from(self.next), "each request once");
        assert!(self.peer().verify().unwrap().faults.is_empty());
        assert!(desk.verify().unwrap().faults.is_empty());
    }
}
