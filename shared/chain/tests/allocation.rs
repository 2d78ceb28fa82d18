//! A hostile message takes no more memory than a few times its own bytes.

use chain::{Answer, EnrolmentAnswer, Entry, Fact, Request, Segment, Verdict};
use ids::TenantId;
use peak_alloc::PeakAlloc;
use signing::canonical::{Reader, Writer};
use signing::{Hash, Label, Secret, SigningKey};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Most memory that `read` holds at once beyond what was held before, bytes.
fn peak(read: impl FnOnce()) -> usize {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    read();
    MEMORY.peak_usage() - before
}

/// Small fields of a message from which its lists begin, then one list of as many smallest items as the bytes hold.
fn stuffed(prefix: &[u8], count: u64, item: &[u8]) -> Vec<u8> {
    let mut w = Writer::new();
    w.fixed(prefix).count(count);
    (0..count).for_each(|_| {
        w.fixed(item);
    });
    w.finish()
}

/// Version, tenant, sender, no token, no cursor, budget 0.
fn request_start() -> Vec<u8> {
    [&[1][..], &[2; 32], &[0, 0, 0]].concat()
}

/// Version, lineage, time, token, position, index, flags.
fn answer_start() -> Vec<u8> {
    [&[1][..], &[3; 16], &[0; 8], &[0; 8], &[0], &[0; 16], &[0, 0, 0]].concat()
}

fn smallest_entry() -> Vec<u8> {
    [&[4, 0][..], &[0; 64]].concat()
}

fn smallest_segment() -> Vec<u8> {
    [&[5; 16][..], &[1], &[0; 32], &[0]].concat()
}

fn requests() -> Vec<Vec<u8>> {
    let signed = |mut bytes: Vec<u8>| {
        bytes.extend([0; 64]);
        bytes
    };
    let heads = stuffed(&request_start(), 4_000, &[6; 49]);
    let entries =
        stuffed(&[&request_start()[..], &[0, 1], &[5; 16], &[1], &[0; 32]].concat(), 2_000, &smallest_entry());
    let segments = stuffed(&[&request_start()[..], &[0]].concat(), 2_000, &smallest_segment());
    [[heads, vec![0]].concat(), entries, segments].map(signed).to_vec()
}

/// One list full, the others empty: anchors, segments, refusals, needed, enrolments.
fn answers() -> [Vec<u8>; 5] {
    let anchor = [&[5; 16][..], &[1], &[0; 96]].concat();
    let refusal = [&[5; 16][..], &[1, 1]].concat();
    let needed = [&[5; 16][..], &[1]].concat();
    let lists = [(4_000, anchor), (2_000, smallest_segment()), (2_000, refusal), (4_000, needed), (256, vec![0])];
    let mut place = 0;
    lists.map(|(count, item)| {
        let before = [answer_start(), vec![0; place]].concat();
        let full = stuffed(&before, count, &item);
        place += 1;
        [full, vec![0; 5 - place]].concat()
    })
}

/// Lists grow by doubling, and a small item may be a few times larger in memory than in the message. The constant
/// covers the smallest messages and the short lists whose items are a byte or two.
fn assert_modest(what: &str, bytes: &[u8], used: usize) {
    let allowed = 8 * bytes.len() + 64 * 1024;
    assert!(used <= allowed, "{what}: {used} bytes of memory for {} of message", bytes.len());
}

/// One test: the meter counts for the whole process.
#[test]
fn memory_is_at_most_a_few_times_the_message() {
    full_lists();
    lengths_that_lie();
}

fn full_lists() {
    for bytes in requests() {
        let used = peak(|| assert!(Request::decode(&bytes).is_ok()));
        assert_modest("request", &bytes, used);
    }
    let key = SigningKey::from_seed(&Secret::new([9; 32]));
    let (tenant, asked) = (TenantId::from_bytes([1; 16]), Hash::ZERO);
    for fields in answers() {
        let covered = [&asked.0[..], &fields].concat();
        let bytes = [&fields[..], &key.sign(Label::ExchangeAnswer, &covered).0].concat();
        let used = peak(|| assert!(matches!(Answer::decode(&bytes, &asked, tenant, &[key.public()]), Some(Ok(_)))));
        assert_modest("answer", &bytes, used);
    }
    let verdict = stuffed(&[&[1][..], &[2; 16], &[0], &[0; 32], &[2; 16], &[0], &[0; 32]].concat(), 1_000, &[1, 1, 0]);
    let used = peak(|| assert!(Verdict::decode(&verdict).is_ok()));
    assert_modest("verdict", &verdict, used);
    let register = stuffed(&[1, 1], 2_000, &smallest_segment());
    let used = peak(|| assert!(EnrolmentAnswer::decode(&register).is_ok()));
    assert_modest("enrolment answer", &register, used);
}

fn lengths_that_lie() {
    let entry = [&[4][..], &[0xe0, 0xd4, 0x03]].concat();
    let used = peak(|| assert!(Entry::read(&mut Reader::new(&entry)).is_err()));
    assert_modest("entry", &entry, used);
    let segment = [&[5; 16][..], &[1], &[0; 32], &[0xd0, 0x0f]].concat();
    let used = peak(|| assert!(Segment::read(&mut Reader::new(&segment)).is_err()));
    assert_modest("segment", &segment, used);
    let request = [&request_start()[..], &[0, 1], &segment, &[0; 64]].concat();
    let used = peak(|| assert!(Request::decode(&request).is_err()));
    assert_modest("request", &request, used);
    let fact = [1, 2, 0x80, 0x20];
    let used = peak(|| assert!(Fact::decode(&fact).is_err()));
    assert_modest("fact", &fact, used);
}
