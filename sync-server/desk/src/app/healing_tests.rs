//! A desk and a suitcase over a real hub: what each can lose and gets back.

use super::testing::{self, PASSPHRASE, Suitcase, Town};
use super::{Answer, Desk, FromHub, Group, HUB, QueueQuery, restore, sync_loop};
use chain::Courier;
use clock::Clock;
use hub::store::MemoryStore;
use hub::{Hub, HubKeys, http, tls};
use peer::sync::{Link, sync};
use sealing::Entropy;
use signing::{Secret, Validity};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

fn hub_seed() -> Secret<32> {
    Secret::new([21; 32])
}

/// A hub with an empty store behind `address`; it ends when the handle is aborted.
async fn empty_hub(town: &Town, listener: TcpListener) -> JoinHandle<()> {
    let draw = || {
        let mut source = testing::entropy();
        let entropy: &mut dyn Entropy = source.as_mut();
        entropy.array()
    };
    let hub = Hub::open(Arc::new(MemoryStore::new()), HubKeys::from_seed(&hub_seed()), None, draw).unwrap();
    hub.create_tenant(town.desk.peer.tenant(), super::root_public(&town.root)).unwrap();
    let wide = Validity { not_before: 0, not_after: 7_258_118_400_000 };
    let names = ["127.0.0.1".to_owned()];
    let certificate = tls::issue(&town.root.signing_seed(), &hub_seed(), &names, wide).unwrap();
    let config = tls::server_config(certificate, &hub_seed()).unwrap();
    let clock: Arc<dyn Clock> = town.clock.clone();
    tokio::spawn(http::serve(listener, Some(config), Arc::new(hub), clock, std::future::pending()))
}

/// A free port, and a town whose hub is there.
async fn town_with_hub() -> (Town, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://{}", listener.local_addr().unwrap());
    let key = HubKeys::from_seed(&hub_seed()).public();
    let town = tokio::task::spawn_blocking(move || testing::town_at(&address, key)).await.unwrap();
    let hub = empty_hub(&town, listener).await;
    (town, hub)
}

async fn sync_desk(desk: &Arc<Desk>) {
    let mut link = desk.link().unwrap();
    let contact = sync(&desk.peer, &mut link, HUB, &mut Courier::default()).await.unwrap();
    desk.after_exchange(&contact).unwrap();
    sync(&desk.peer, &mut link, HUB, &mut Courier::default()).await.unwrap();
}

async fn sync_suitcase(suitcase: &Suitcase) {
    let root = suitcase.peer.register().unwrap().root().signing;
    let mut link = Link::new(suitcase.peer.hub(), peer::sync::tls::client_config(&root).unwrap()).unwrap();
    sync(&suitcase.peer, &mut link, HUB, &mut Courier::default()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_lost_everything_is_healed_and_goes_on_delivering() {
    let (mut town, hub) = town_with_hub().await;
    let suitcase = town.suitcase(7);
    let number = suitcase.record("Коваль", "Ганна");
    sync_suitcase_first(&town, &suitcase).await;
    sync_desk(&town.desk).await;
    town.desk.answer("admin", &number, Answer::Accept).unwrap();
    sync_desk(&town.desk).await;
    hub.abort();
    let _ = hub.await;
    let address = town.desk.hub_address().trim_start_matches("https://").to_owned();
    let hub = empty_hub(&town, TcpListener::bind(address).await.unwrap()).await;
    // The desk comes first: the hub learns its changes of the record before the suitcase's own.
    sync_desk(&town.desk).await;
    sync_suitcase(&suitcase).await;
    assert_eq!(suitcase.state_of(&number), "in_work");
    town.desk.answer("admin", &number, Answer::Note { text: "після втрати".into() }).unwrap();
    sync_desk(&town.desk).await;
    sync_suitcase(&suitcase).await;
    assert_eq!(suitcase.view(&number).notes.len(), 1);
    hub.abort();
}

async fn sync_suitcase_first(town: &Town, suitcase: &Suitcase) {
    // The register with the certificate has to be there before the suitcase is known.
    sync_desk(&town.desk).await;
    sync_suitcase(suitcase).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn kit_and_hub_give_a_lost_desk_back() {
    let (mut town, hub) = town_with_hub().await;
    let (seven, eight) = (town.suitcase(7), town.suitcase(8));
    let number = seven.record("Коваль", "Ганна");
    sync_suitcase_first(&town, &seven).await;
    let late = eight.record("Шевчук", "Петро");
    sync_suitcase(&eight).await;
    sync_desk(&town.desk).await;
    town.desk.answer("admin", &number, Answer::Number(None)).unwrap();
    town.desk.revoke("admin", 8, "загублено").unwrap();
    sync_desk(&town.desk).await;
    let before = town.desk.queue("admin", &QueueQuery::default()).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("desk");
    let from = FromHub {
        folder: &folder,
        root: &town.root,
        hub: town.desk.hub_address(),
        login: "restorer",
        name: "Хто відновив",
        passphrase: PASSPHRASE,
    };
    let restored = restore(&from, testing::tools(&town.clock)).await.unwrap();
    assert_eq!((restored.records, restored.suitcases, restored.predecessors), (2, 2, 1));
    assert_eq!((restored.accounts, restored.set_aside), (2, 0), "what was taken before a revocation stays taken");
    let desk = &restored.desk;
    assert_eq!(desk.queue("admin", &QueueQuery::default()).unwrap(), before);
    assert_eq!(desk.profile().unwrap().name, "Глобинська громада");
    assert!(desk.request("admin", &late).is_ok());
    assert_eq!(desk.verify("restorer").unwrap().faults, Vec::<String>::new());
    desk.answer("restorer", &number, Answer::Accept).unwrap();
    sync_desk(desk).await;
    sync_suitcase(&seven).await;
    assert_eq!(seven.state_of(&number), "in_work", "the suitcase believes the new desk");
    seven.note(&number, "для нового центру");
    sync_suitcase(&seven).await;
    sync_desk(desk).await;
    assert_eq!(desk.request("restorer", &number).unwrap().view.notes.len(), 1);
    hub.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_loop_shows_news_within_a_second_and_says_when_the_hub_is_silent() {
    let (mut town, hub) = town_with_hub().await;
    let suitcase = town.suitcase(7);
    let running = tokio::spawn(sync_loop(Arc::clone(&town.desk)));
    let answered = async {
        while town.desk.hub_contact().answered_at.is_none() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), answered).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let number = suitcase.record("Коваль", "Ганна");
    let mut changes = town.desk.changes();
    sync_suitcase(&suitcase).await;
    let shown = async {
        while town.desk.queue("admin", &QueueQuery { group: Group::New, ..QueueQuery::default() }).unwrap().total == 0 {
            changes.changed().await.unwrap();
        }
    };
    // The promise is a second; a busy test machine gets ten.
    tokio::time::timeout(Duration::from_secs(10), shown).await.unwrap();
    assert!(town.desk.request("admin", &number).is_ok());
    hub.abort();
    let _ = hub.await;
    let silent = async {
        while town.desk.hub_contact().trouble.is_none() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), silent).await.unwrap();
    running.abort();
}
