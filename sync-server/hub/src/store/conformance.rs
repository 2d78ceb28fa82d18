//! What every engine must do, run on all of them.

use super::*;
use chain::{Draft, Entry, Header, Kind, limits};
use ids::RecordId;
use signing::{AgreementPublicKey, Secret, SigningKey};
use std::sync::Arc;

type Engine = Arc<dyn Store>;

macro_rules! suite {
    ($($case:ident),+ $(,)?) => {
        mod memory {
            $(#[test] fn $case() { super::$case(std::sync::Arc::new(crate::store::MemoryStore::new())); })+
        }
        mod sqlite {
            $(#[test] fn $case() {
                let folder = tempfile::tempdir().unwrap();
                let store = crate::store::SqliteStore::open(&folder.path().join("hub.db")).unwrap();
                super::$case(std::sync::Arc::new(store));
            })+
        }
    };
}

suite!(
    a_tenant_is_there_once_and_with_one_root,
    a_lineage_is_renewed_from_the_present_one_only,
    entries_are_taken_once_and_positions_have_no_gaps,
    positions_follow_the_time,
    a_refused_segment_leaves_nothing_and_stops_nobody,
    beyond_a_hole_the_end_waits,
    a_grant_that_arrives_after_its_withdrawal_opens_nothing,
    granting_again_does_not_repeat_what_was_read,
    what_is_taken_back_from_its_author_goes_on_once_it_is_granted_again,
    a_record_granted_before_it_exists,
    the_quota_is_an_hour_long_and_not_for_the_centre,
    only_the_centre_fills_an_inbox,
    impossible_numbers_are_refused,
    the_register_is_whole_up_to_its_hole,
    a_reader_that_nobody_knows_reads_the_register,
    news_come_in_the_order_of_their_causes,
    an_unknown_tenant_is_an_error,
    enrolments_are_bounded_in_number_and_time,
    one_invitation_takes_three_places,
    many_writers_at_once_lose_nothing,
    whatever_the_order_the_inbox_holds_the_same,
    what_is_erased_loses_its_body_now_and_on_arrival,
);

const TENANT: TenantId = TenantId::from_bytes([1; 16]);
const DESK: Reader = Reader::Desk { register: ChainId::from_bytes([10; 16]), case: ChainId::from_bytes([11; 16]) };
const PLENTY: usize = 1 << 20;

fn chain_id(n: u8) -> ChainId {
    ChainId::from_bytes([n; 16])
}

fn record(n: u8) -> RecordId {
    RecordId::from_bytes([n; 16])
}

fn tenant(id: TenantId, root: u8) -> Tenant {
    Tenant { id, root: RootPublic { signing: VerifyingKey([root; 32]), agreement: AgreementPublicKey([root; 32]) } }
}

struct Pen {
    chain: ChainId,
    role: Role,
    key: SigningKey,
    entries: Vec<Entry>,
    links: Vec<Link>,
}

impl Pen {
    fn new(n: u8, role: Role) -> Self {
        let key = SigningKey::from_seed(&Secret::new([n; 32]));
        Self { chain: chain_id(n), role, key, entries: Vec::new(), links: vec![Link::EMPTY] }
    }

    fn write(&mut self, kind: Kind, record: Option<RecordId>, peer: Option<ChainId>, body: &[u8]) -> &mut Self {
        let end = self.links[self.links.len() - 1];
        let draft = Draft { header: Header { kind, record, peer, after: None }, body: body.to_vec() };
        let (entry, link) = draft.sign(&end.next(TENANT, self.chain), &self.key);
        self.entries.push(entry);
        self.links.push(link);
        self
    }

    fn own(&mut self) -> &mut Self {
        self.write(Kind::OWN, None, None, b"fact")
    }

    fn change(&mut self, record: RecordId) -> &mut Self {
        self.write(Kind::CHANGE, Some(record), None, b"change")
    }

    fn grant(&mut self, record: RecordId, peer: u8, open: bool) -> &mut Self {
        self.write(Kind::GRANT, Some(record), Some(chain_id(peer)), if open { b"key" } else { b"" })
    }

    fn part(&self, from: usize, to: usize) -> Offer {
        let (prev, entries) = (self.links[from - 1].hash, self.entries[from - 1..to].to_vec());
        let segment = Segment { chain: self.chain, from: from as u64, prev, entries };
        Offer { segment, author: self.key.public(), role: self.role }
    }

    fn all(&self) -> Offer {
        self.part(1, self.entries.len())
    }
}

fn opened(store: &Engine) {
    store.create_tenant(&tenant(TENANT, 5)).unwrap();
}

fn accept(store: &Engine, offers: Vec<Offer>) -> Vec<Result<Taken, Refusal>> {
    store.accept(TENANT, 0, offers).unwrap()
}

fn ids(reading: &Reading) -> Vec<(ChainId, u64)> {
    let numbers = |s: &Segment| (s.from..=s.last()).map(|seq| (s.chain, seq)).collect::<Vec<_>>();
    reading.segments.iter().flat_map(numbers).collect()
}

fn read(store: &Engine, reader: Reader, from: Option<Point>) -> (Vec<(ChainId, u64)>, Point) {
    let reading = store.read(TENANT, reader, from, PLENTY).unwrap();
    assert!(!reading.more);
    (ids(&reading), reading.point)
}

fn a_tenant_is_there_once_and_with_one_root(store: Engine) {
    opened(&store);
    opened(&store);
    assert_eq!(store.tenants().unwrap(), [tenant(TENANT, 5)]);
    assert_eq!(store.create_tenant(&tenant(TENANT, 6)), Err(StoreError::OtherRoot));
    assert_eq!(store.tenants().unwrap(), [tenant(TENANT, 5)]);
}

fn a_lineage_is_renewed_from_the_present_one_only(store: Engine) {
    let [a, b, c] = [1, 2, 3].map(|n| LineageId::from_bytes([n; 16]));
    assert_eq!(store.lineage(), Ok(None));
    assert_eq!(store.renew_lineage(None, a), Ok(a));
    assert_eq!(store.renew_lineage(None, b), Ok(a), "two who noticed at once agree");
    assert_eq!(store.renew_lineage(Some(a), c), Ok(c));
    assert_eq!(store.lineage(), Ok(Some(c)));
}

fn entries_are_taken_once_and_positions_have_no_gaps(store: Engine) {
    opened(&store);
    let mut seven = Pen::new(7, Role::Suitcase);
    seven.own().own().own();
    let first = accept(&store, vec![seven.part(1, 2), seven.part(2, 3)]);
    let taken = |end: usize, new| Ok(Taken { end: seven.links[end], last: end as u64, brought: seven.links[end], new });
    assert_eq!(first, [taken(2, 2), taken(3, 1)]);
    assert_eq!(store.position(TENANT), Ok(3));
    let part = Taken { brought: seven.links[2], new: 0, ..first[1].unwrap() };
    assert_eq!(accept(&store, vec![seven.part(1, 2)]), [Ok(part)]);
    assert_eq!(store.position(TENANT), Ok(3));
    let asked = [(seven.chain, 2), (seven.chain, 9), (chain_id(9), 1)];
    let held = store.holdings(TENANT, &asked).unwrap();
    let all = Holding { end: seven.links[3], last: 3, asked: Some(seven.links[2].hash) };
    let none = Holding { end: Link::EMPTY, last: 0, asked: None };
    assert_eq!(held, [all, Holding { asked: None, ..all }, none]);
}

fn a_refused_segment_leaves_nothing_and_stops_nobody(store: Engine) {
    opened(&store);
    let mut seven = Pen::new(7, Role::Suitcase);
    seven.own().own();
    let mut forged = seven.part(1, 2);
    forged.segment.entries[0].signature = signing::Signature([0; 64]);
    forged.author = Pen::new(8, Role::Suitcase).key.public();
    let mut eight = Pen::new(8, Role::Suitcase);
    eight.own();
    let results = accept(&store, vec![forged, eight.all()]);
    assert_eq!(results[0].unwrap_err().code, chain::RefusalCode::Signature);
    assert_eq!(results[1].unwrap().end, eight.links[1]);
    assert_eq!(read(&store, DESK, None).0, [(eight.chain, 1)]);
}

fn beyond_a_hole_the_end_waits(store: Engine) {
    opened(&store);
    let mut seven = Pen::new(7, Role::Suitcase);
    (0..7).for_each(|_| {
        seven.own();
    });
    let results = accept(&store, vec![seven.part(6, 7), seven.part(1, 2)]);
    assert_eq!((results[0].unwrap().end, results[0].unwrap().last), (Link::EMPTY, 7));
    assert_eq!((results[1].unwrap().end, results[1].unwrap().last), (seven.links[2], 7));
    let results = accept(&store, vec![seven.part(3, 5)]);
    assert_eq!(results[0].unwrap().end, seven.links[7]);
}

fn a_grant_that_arrives_after_its_withdrawal_opens_nothing(store: Engine) {
    opened(&store);
    let (mut seven, mut case) = (Pen::new(7, Role::Suitcase), Pen::new(11, Role::Case));
    seven.change(record(1)).change(record(1));
    case.grant(record(1), 8, true).grant(record(1), 8, false);
    accept(&store, vec![seven.part(1, 1), case.part(2, 2), case.part(1, 1), seven.part(2, 2)]);
    assert_eq!(read(&store, Reader::Suitcase(chain_id(8)), None).0, [(case.chain, 2), (case.chain, 1)]);
}

fn granting_again_does_not_repeat_what_was_read(store: Engine) {
    opened(&store);
    let (mut seven, mut case) = (Pen::new(7, Role::Suitcase), Pen::new(11, Role::Case));
    seven.change(record(1)).change(record(1));
    case.grant(record(1), 8, true).grant(record(1), 8, true).grant(record(1), 7, true);
    case.grant(record(1), 8, false).grant(record(1), 8, true);
    accept(&store, vec![seven.part(1, 1), case.part(1, 3)]);
    let eight = Reader::Suitcase(chain_id(8));
    let (got, point) = read(&store, eight, None);
    assert_eq!(got, [(case.chain, 1), (seven.chain, 1), (case.chain, 2)]);
    assert_eq!(read(&store, Reader::Suitcase(seven.chain), None).0, [(case.chain, 3)], "it wrote all of it");
    accept(&store, vec![case.part(4, 4), seven.part(2, 2), case.part(5, 5)]);
    let (got, _) = read(&store, eight, Some(point));
    assert_eq!(got, [(case.chain, 4), (case.chain, 5), (seven.chain, 1), (seven.chain, 2)]);
}

fn what_is_taken_back_from_its_author_goes_on_once_it_is_granted_again(store: Engine) {
    opened(&store);
    let (mut seven, mut case) = (Pen::new(7, Role::Suitcase), Pen::new(11, Role::Case));
    seven.change(record(1));
    case.change(record(1)).grant(record(1), 7, false).change(record(1));
    accept(&store, vec![seven.all(), case.all()]);
    let reader = Reader::Suitcase(seven.chain);
    let (got, point) = read(&store, reader, None);
    assert_eq!(got, [(case.chain, 1), (case.chain, 2)], "nothing that came after");
    case.grant(record(1), 7, true).change(record(1));
    accept(&store, vec![case.part(4, 5)]);
    let (got, _) = read(&store, reader, Some(point));
    let all = [(case.chain, 4), (seven.chain, 1), (case.chain, 1), (case.chain, 3), (case.chain, 5)];
    assert_eq!(got, all, "its own, too: it may have given them up");
}

fn a_record_granted_before_it_exists(store: Engine) {
    opened(&store);
    let (mut seven, mut case) = (Pen::new(7, Role::Suitcase), Pen::new(11, Role::Case));
    case.grant(record(1), 8, true);
    seven.change(record(1));
    accept(&store, vec![case.all(), seven.all()]);
    assert_eq!(read(&store, Reader::Suitcase(chain_id(8)), None).0, [(case.chain, 1), (seven.chain, 1)]);
    case.change(record(1));
    accept(&store, vec![case.part(2, 2)]);
    assert_eq!(read(&store, Reader::Suitcase(seven.chain), None).0, [(case.chain, 2)], "the creator");
}

fn the_quota_is_an_hour_long_and_not_for_the_centre(store: Engine) {
    opened(&store);
    let new = ledger::ChainRow { number: 1, end: Link::EMPTY, last: 0, hour: 0, taken: 0, bytes: 0, register: false };
    let (entries, bytes) = (chain::limits::QUOTA_ENTRIES_PER_HOUR, chain::limits::QUOTA_BYTES_PER_HOUR);
    for (full, one) in [((entries, 0), (1, 0)), ((1, bytes), (0, 1))] {
        let mut row = new;
        assert!(ledger::count(&mut row, Role::Suitcase, 0, full.0, full.1));
        assert!(!ledger::count(&mut row, Role::Suitcase, 3_599_999, one.0, one.1));
        assert!(ledger::count(&mut row, Role::Suitcase, 3_600_000, one.0, one.1));
        assert!(ledger::count(&mut row, Role::Case, 3_600_000, full.0, full.1));
    }
}

fn only_the_centre_fills_an_inbox(store: Engine) {
    opened(&store);
    let later = Kind::from_code(7).unwrap();
    let everybody = ChainId::from_bytes([0; 16]);
    let mut seven = Pen::new(7, Role::Suitcase);
    let (mut case, mut register) = (Pen::new(11, Role::Case), Pen::new(10, Role::Register));
    for pen in [&mut seven, &mut register] {
        for peer in [chain_id(8), everybody] {
            pen.write(Kind::TO, None, Some(peer), b"x").write(later, None, Some(peer), b"x");
            pen.write(Kind::GRANT, Some(record(1)), Some(peer), b"key");
        }
    }
    case.write(Kind::TO, None, Some(everybody), b"x").write(later, None, Some(everybody), b"x");
    case.write(Kind::GRANT, Some(record(1)), Some(everybody), b"key");
    case.write(Kind::TO, None, Some(chain_id(8)), b"verdict");
    let results = accept(&store, vec![seven.all(), register.all(), case.all()]);
    assert_eq!(results.iter().map(|taken| taken.unwrap().new).collect::<Vec<_>>(), [6, 6, 4], "stored and anchored");
    assert_eq!(read(&store, Reader::Suitcase(chain_id(8)), None).0, [(case.chain, 4)]);
    assert_eq!(read(&store, Reader::Suitcase(chain_id(9)), None).0, []);
}

/// A store put back from a copy gives what it takes in later positions that its life before did not give.
fn positions_follow_the_time(store: Engine) {
    opened(&store);
    let mut seven = Pen::new(7, Role::Suitcase);
    seven.own().own().own();
    let noon = 1_800_000_000_000;
    let at = |now, offer| store.accept(TENANT, now, vec![offer]).unwrap()[0].unwrap().new;
    assert_eq!(at(noon, seven.part(1, 2)), 2);
    let first = store.position(TENANT).unwrap();
    assert_eq!(at(noon - 1_000_000, seven.part(3, 3)), 1);
    assert_eq!(store.position(TENANT), Ok(first + 1), "a clock put back gives nothing out twice");
    assert_eq!(at(noon + 1, seven.part(1, 3)), 0);
    assert_eq!(store.position(TENANT), Ok(first + 1), "repeats take no place");
    seven.own();
    assert_eq!(at(noon + 60_000, seven.part(4, 4)), 1);
    assert!(store.position(TENANT).unwrap() > first + 1_000_000);
    seven.own();
    assert_eq!(at(i64::MAX, seven.part(5, 5)), 1);
    seven.own();
    assert_eq!(at(i64::MIN, seven.part(6, 6)), 1);
    let all: Vec<_> = (1..=6).map(|seq| (seven.chain, seq)).collect();
    assert_eq!(read(&store, DESK, None).0, all);
}

fn impossible_numbers_are_refused(store: Engine) {
    opened(&store);
    let mut seven = Pen::new(7, Role::Suitcase);
    seven.own();
    for from in [0, limits::SEQ + 1, u64::MAX] {
        let mut offer = seven.all();
        offer.segment.from = from;
        assert_eq!(accept(&store, vec![offer])[0].unwrap_err().code, chain::RefusalCode::Form, "{from}");
    }
    let empty = Segment { chain: seven.chain, from: 1, prev: Hash::ZERO, entries: Vec::new() };
    let offer = Offer { segment: empty, ..seven.all() };
    assert_eq!(accept(&store, vec![offer])[0].unwrap_err().code, chain::RefusalCode::Form);
    for point in [Point { position: u64::MAX, index: u64::MAX }, Point { position: 0, index: u64::MAX }] {
        read(&store, Reader::Suitcase(seven.chain), Some(point));
        read(&store, Reader::RegisterOnly(seven.chain), Some(point));
        read(&store, DESK, Some(point));
    }
    assert_eq!(store.holdings(TENANT, &[(seven.chain, u64::MAX)]).unwrap()[0].asked, None);
}

fn the_register_is_whole_up_to_its_hole(store: Engine) {
    opened(&store);
    let mut register = Pen::new(10, Role::Register);
    (0..4).for_each(|_| {
        register.write(Kind::REGISTER, None, None, b"fact");
    });
    let mut seven = Pen::new(7, Role::Suitcase);
    seven.write(Kind::REGISTER, None, None, b"not in a register");
    accept(&store, vec![register.part(1, 2), register.part(4, 4), seven.all()]);
    assert_eq!(store.register(TENANT).unwrap(), [register.part(1, 2).segment]);
    let all = [(register.chain, 1), (register.chain, 2), (register.chain, 4)];
    assert_eq!(read(&store, Reader::Suitcase(chain_id(9)), None).0, all);
}

fn a_reader_that_nobody_knows_reads_the_register(store: Engine) {
    opened(&store);
    let (mut register, mut case) = (Pen::new(10, Role::Register), Pen::new(11, Role::Case));
    register.write(Kind::REGISTER, None, None, b"fact");
    case.write(Kind::TO, None, Some(chain_id(8)), b"verdict");
    accept(&store, vec![case.all(), register.all()]);
    let (got, point) = read(&store, Reader::Suitcase(chain_id(9)), None);
    assert_eq!((got, point), (vec![(register.chain, 1)], Point { position: 2, index: 0 }));
    let (got, point) = read(&store, Reader::RegisterOnly(chain_id(8)), None);
    assert_eq!((got, point), (vec![(register.chain, 1)], Point::default()), "its verdict waits");
    let nothing = store.read(TENANT, DESK, None, 0).unwrap();
    assert_eq!((nothing.segments, nothing.more), (Vec::new(), true));
}

fn news_come_in_the_order_of_their_causes(store: Engine) {
    opened(&store);
    let (mut register, mut case) = (Pen::new(10, Role::Register), Pen::new(11, Role::Case));
    let mut seven = Pen::new(7, Role::Suitcase);
    seven.change(record(1)).change(record(1));
    accept(&store, vec![seven.part(1, 1)]);
    let mut expected = Vec::new();
    for seq in 1..=6 {
        register.write(Kind::REGISTER, None, None, b"fact");
        case.write(Kind::TO, None, Some(chain_id(8)), b"verdict");
        accept(&store, vec![register.part(seq, seq), case.part(seq, seq)]);
        expected.extend([(register.chain, seq as u64), (case.chain, seq as u64)]);
    }
    case.grant(record(1), 8, true);
    accept(&store, vec![case.part(7, 7), seven.part(2, 2)]);
    expected.extend([(case.chain, 7), (seven.chain, 1), (seven.chain, 2)]);
    let eight = Reader::Suitcase(chain_id(8));
    assert_eq!(read(&store, eight, None).0, expected);
    for budget in [1, 200, 400, 700] {
        let (mut got, mut from) = (Vec::new(), None);
        loop {
            let reading = store.read(TENANT, eight, from, budget).unwrap();
            got.extend(ids(&reading));
            from = Some(reading.point);
            if !reading.more {
                break;
            }
        }
        assert_eq!(got, expected, "in pieces of {budget} bytes");
    }
}

fn an_unknown_tenant_is_an_error(store: Engine) {
    opened(&store);
    let other = TenantId::from_bytes([9; 16]);
    assert_eq!(store.position(other), Err(StoreError::UnknownTenant));
    assert_eq!(store.accept(other, 0, Vec::new()), Err(StoreError::UnknownTenant));
    assert_eq!(store.read(other, DESK, None, PLENTY), Err(StoreError::UnknownTenant));
    assert_eq!(store.register(other), Err(StoreError::UnknownTenant));
    assert_eq!(store.put_enrolment(other, chain_id(1), [0; 16], b"x", 0), Err(StoreError::UnknownTenant));
}

fn enrolments_are_bounded_in_number_and_time(store: Engine) {
    opened(&store);
    let put = |n: u8, bytes: &[u8], now| store.put_enrolment(TENANT, chain_id(n), [n; 16], bytes, now).unwrap();
    for n in 0..ENROLMENTS as u8 {
        put(n, &[n], i64::from(n));
    }
    put(0, b"again", 200);
    let waiting = store.enrolments(TENANT, 200).unwrap();
    assert_eq!((waiting.len(), waiting[0].0, waiting[99].1.as_slice()), (ENROLMENTS, chain_id(1), &b"again"[..]));
    put(200, b"x", 200);
    let waiting = store.enrolments(TENANT, 200).unwrap();
    assert_eq!(
        (waiting.len(), waiting[0].0, waiting[99].0),
        (ENROLMENTS, chain_id(2), chain_id(200)),
        "the oldest left"
    );
    store.drop_enrolments(TENANT, &[chain_id(2), chain_id(3)]).unwrap();
    put(201, b"x", 200);
    assert_eq!(store.enrolments(TENANT, 200).unwrap().len(), ENROLMENTS - 1);
    assert_eq!(store.enrolments(TENANT, 201 + ENROLMENT_LIFE).unwrap(), []);
    put(202, b"x", 300 + ENROLMENT_LIFE);
    assert_eq!(store.enrolments(TENANT, 300).unwrap().len(), 1, "the old ones are gone");
}

fn one_invitation_takes_three_places(store: Engine) {
    opened(&store);
    let put = |n: u8, invitation: u8, now| {
        store.put_enrolment(TENANT, chain_id(n), [invitation; 16], &[invitation], now).unwrap();
    };
    put(1, 1, 0);
    for n in 2..=5 {
        put(n, 2, i64::from(n));
    }
    let waiting = || store.enrolments(TENANT, 9).unwrap().into_iter().map(|(chain, _)| chain).collect::<Vec<_>>();
    assert_eq!(waiting(), [1, 3, 4, 5].map(chain_id));
    put(3, 2, 6);
    assert_eq!(waiting(), [1, 4, 5, 3].map(chain_id), "asking again drives nobody out");
    put(1, 2, 7);
    assert_eq!(waiting(), [5, 3, 1].map(chain_id), "with another invitation it counts for that");
}

fn many_writers_at_once_lose_nothing(store: Engine) {
    opened(&store);
    let threads: Vec<_> = (20..36)
        .map(|n| {
            let store = store.clone();
            std::thread::spawn(move || {
                let mut pen = Pen::new(n, Role::Suitcase);
                for seq in 1..=8 {
                    pen.change(record(n));
                    let result = accept(&store, vec![pen.part(seq, seq)]);
                    assert_eq!(result[0].unwrap().end, pen.links[seq]);
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(store.position(TENANT), Ok(16 * 8));
    let mut got = read(&store, DESK, None).0;
    got.sort();
    got.dedup();
    assert_eq!(got.len(), 16 * 8);
}

/// Changes, and the grant that lets a reader have them, in every order of three pushes: the reader gets the same.
fn whatever_the_order_the_inbox_holds_the_same(store: Engine) {
    opened(&store);
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    for (n, order) in (0u8..).zip(orders) {
        let (mut seven, mut nine) = (Pen::new(40 + n, Role::Suitcase), Pen::new(60 + n, Role::Suitcase));
        let mut case = Pen::new(80 + n, Role::Case);
        let reader = 100 + n;
        seven.change(record(n)).change(record(n));
        nine.change(record(n));
        case.grant(record(n), reader, true);
        let pushes = [seven.all(), nine.all(), case.all()];
        for at in order {
            accept(&store, vec![pushes[at].clone()]);
        }
        let mut got = read(&store, Reader::Suitcase(chain_id(reader)), None).0;
        got.sort();
        assert_eq!(got, [(seven.chain, 1), (seven.chain, 2), (nine.chain, 1), (case.chain, 1)], "{order:?}");
    }
}

/// Numbers of a chain's entries whose bodies are here.
fn with_bodies(store: &Engine, chain: ChainId) -> Vec<u64> {
    let reading = store.read(TENANT, DESK, None, PLENTY).unwrap();
    let of_chain = reading.segments.iter().filter(|segment| segment.chain == chain);
    let numbered = of_chain.flat_map(|segment| segment.entries.iter().zip(segment.from..));
    numbered.filter(|(entry, _)| entry.body.bytes().is_some()).map(|(_, seq)| seq).collect()
}

fn what_is_erased_loses_its_body_now_and_on_arrival(store: Engine) {
    opened(&store);
    let (mut seven, mut case) = (Pen::new(7, Role::Suitcase), Pen::new(11, Role::Case));
    seven.own().change(record(1)).change(record(2)).write(Kind::from_code(9).unwrap(), Some(record(1)), None, b"later");
    case.grant(record(1), 8, true).grant(record(2), 8, true).own();
    accept(&store, vec![seven.all(), case.all()]);
    let eight = read(&store, Reader::Suitcase(chain_id(8)), None).0;
    let erased = Erased {
        records: [record(1), record(3)].into(),
        // The second is no `own` entry, the third and fourth are still to come.
        entries: [(chain_id(7), 1), (chain_id(7), 3), (chain_id(11), 5), (chain_id(12), 1)].into(),
    };
    assert_eq!(store.erase(TENANT, &erased).unwrap(), 4);
    assert_eq!(store.erase(TENANT, &erased).unwrap(), 0, "again changes nothing");
    assert_eq!(store.erased(TENANT).unwrap(), erased);
    assert_eq!(with_bodies(&store, chain_id(7)), [3]);
    assert_eq!(with_bodies(&store, chain_id(11)), [2, 3]);
    seven.change(record(1)).change(record(3)).change(record(4)).own();
    case.grant(record(3), 8, true).own().own();
    let mut other = Pen::new(12, Role::Suitcase);
    other.own().own();
    let later = accept(&store, vec![seven.all(), case.all(), other.all()]);
    assert!(later.iter().all(Result::is_ok), "{later:?}");
    assert_eq!(later[0].as_ref().unwrap().end, seven.links[8], "it counts as held");
    assert_eq!(with_bodies(&store, chain_id(7)), [3, 7, 8]);
    assert_eq!(with_bodies(&store, chain_id(11)), [2, 3, 6]);
    assert_eq!(with_bodies(&store, chain_id(12)), [2]);
    let now = read(&store, Reader::Suitcase(chain_id(8)), None).0;
    assert_eq!(now[..eight.len()], eight, "who may read what stays as it was");
    assert_eq!(store.erase(tenant_of_nobody(), &erased), Err(StoreError::UnknownTenant));
}

fn tenant_of_nobody() -> TenantId {
    TenantId::from_bytes([77; 16])
}
