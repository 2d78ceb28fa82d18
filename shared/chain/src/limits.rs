//! The one table of limits. A writer keeps to it before an entry is written, a reader before it allocates.

/// Sealed body of one entry, bytes.
pub const BODY: usize = 64 * 1024;
/// Highest number of an entry: far beyond what anybody writes, and safe in every database's integers.
pub const SEQ: u64 = 1 << 48;
/// Entries of one segment.
pub const SEGMENT_ENTRIES: usize = 2_000;
/// Segments of one message.
pub const MESSAGE_SEGMENTS: usize = 2_000;
/// One exchange message, bytes.
pub const MESSAGE: usize = 8 * 1024 * 1024;
/// Heads that a sender may state in one message.
pub const MESSAGE_HEADS: usize = 4_000;
/// Largest batch that is sent at once, bytes; halved on a link that is cut, down to a single entry.
pub const BATCH: usize = 256 * 1024;
/// Bytes of entries that a reader may ask for in one answer.
pub const BUDGET: u32 = 1024 * 1024;
/// Entries of one chain that a hub takes in an hour.
pub const QUOTA_ENTRIES_PER_HOUR: u64 = 200_000;
/// Bytes of entries of one chain that a hub takes in an hour: no laptop alone fills the hub's disk.
pub const QUOTA_BYTES_PER_HOUR: u64 = 512 * 1024 * 1024;
/// How far beyond the first hole in a chain a hub takes entries: they wait for what is missing and are nobody's anchor.
pub const BEYOND_A_HOLE: u64 = 1_000_000;
/// Requests of one sender that a hub works on at once; an honest one waits for each answer.
pub const SENDER_AT_ONCE: u32 = 4;
/// Requests of one sender that a hub works on in a minute.
pub const SENDER_A_MINUTE: u32 = 12_000;
/// Requests of senders that the hub does not know, all together, that it works on at once.
pub const UNKNOWN_AT_ONCE: u32 = 1;
/// Exceptions that one verdict may name.
pub const VERDICT_EXCEPTIONS: usize = 1_000;
/// Sentence in a verdict or a revocation, bytes of UTF-8.
pub const SENTENCE: usize = 600;
/// An invitation or an enrolment request, bytes.
pub const ENROLMENT: usize = 4 * 1024;
/// How long a token lets the centre or a carrier pull, milliseconds. A stale one costs a round trip.
pub const TOKEN_LIFE: i64 = 15 * 60 * 1000;
/// How long it lets a suitcase pull, milliseconds: on a slow link a round trip is what a visit's requests take, and who
/// captured its message learns how many sealed bytes came for it since, and no more.
pub const SUITCASE_TOKEN_LIFE: i64 = 24 * 60 * 60 * 1000;
/// How long the token inside a letter lets the letter's sender pull, milliseconds: a stick travels for days.
pub const CARRIED_TOKEN_LIFE: i64 = 60 * 24 * 60 * 60 * 1000;
/// Letters of one carriage.
pub const CARRIAGE_LETTERS: usize = 64;
/// One carriage, bytes: a letter of the largest size and what is around it.
pub const CARRIAGE: usize = MESSAGE + 64 * 1024;
/// The answer to one carriage, bytes. A hub begins no further answer once half of it is full.
pub const CARRIAGE_ANSWER: usize = 2 * MESSAGE + 64 * 1024;
/// Letters of one sender that a carrier keeps.
pub const KEPT_LETTERS: usize = 256;
/// Bytes of one sender's letters that a carrier keeps.
pub const KEPT_BYTES: usize = 32 * 1024 * 1024;
/// Bytes of all letters that a carrier keeps.
pub const KEPT_BYTES_ALL: usize = 256 * 1024 * 1024;
/// Piece of a release in one entry of the register, bytes: with the fields beside it, it fits a [`BODY`].
pub const RELEASE_PIECE: usize = 60 * 1024;
/// Pieces of one release.
pub const RELEASE_PIECES: u16 = 64;
/// Suitcases that one release on trial may name.
pub const RELEASE_AUDIENCE: usize = 100;
/// Chains that go on for one suitcase, one after the other or beside each other, and wait for the centre: an unlucky
/// laptop needs one or two.
pub const REBIRTHS: usize = 8;
/// Chains that one suitcase may have written before its present one.
pub const ANCESTORS: usize = 64;
/// Chains that one suitcase may name at the end of a shift: its present one and all before it.
pub const SHIFT_CHAINS: usize = ANCESTORS + 1;
/// Drafts that it may name.
pub const SHIFT_DRAFTS: usize = 200;
/// Records that one order of erasure may name; more are several orders.
pub const ERASURE_RECORDS: usize = 1_000;
/// Entries that one order of erasure may name.
pub const ERASURE_ENTRIES: usize = 1_000;
/// Chains that one fact may say are in a copy of the desk; more are several facts.
pub const COVERED_CHAINS: usize = 1_000;
