//! Everything that reads bytes of others, as functions of bytes alone: what a fuzzer calls, and what a test on stable
//! calls again with the corpora, the golden files and seeded changes of both. A target panics where a rule is broken:
//!
//! - no bytes make the reader panic or take more memory than [`Target::memory`] allows;
//! - what is read is written again as the same bytes, where bytes have one spelling;
//! - where a signature or a checksum stands before the reader, the target makes it right, so that what is behind it is
//!   reached: whoever holds a key can do the same.

mod cast;
mod contents;
mod corpus;
mod messages;
mod mutate;
mod sealed;
mod seeds;
mod signed;
mod texts;
mod whole;

pub use corpus::{corpora_folder, corpus, from_hex, golden, to_lines};
pub use mutate::mutated;
pub use seeds::{inputs, seeds};

/// One reader.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// As in the command line, and the name of its corpus.
    pub name: &'static str,
    /// Calls it.
    pub run: fn(&[u8]),
    /// Golden files from which its corpus begins: name, and how many bytes at the end are a signature or a checksum
    /// that the target makes itself.
    pub golden: &'static [(&'static str, usize)],
    /// Most memory that one call may hold: so many times the input, and so many bytes beside.
    pub memory: (usize, usize),
}

/// A few times the message, and room for the smallest.
const MODEST: (usize, usize) = (8, 64 * 1024);

const fn target(name: &'static str, run: fn(&[u8]), golden: &'static [(&'static str, usize)]) -> Target {
    Target { name, run, golden, memory: MODEST }
}

impl Target {
    const fn holding(mut self, times: usize, beside: usize) -> Self {
        self.memory = (times, beside);
        self
    }
}

const KIB: usize = 1024;
const MIB: usize = 1024 * 1024;

/// All of them.
pub const TARGETS: &[Target] = &[
    target("request", messages::request, &[("request-empty", 0), ("request-full", 0)]),
    target("answer", messages::answer, &[("answer-empty", 64), ("answer-full", 64)]).holding(24, 128 * KIB),
    target("segment", messages::segment, &[("segment", 0)]).holding(24, 64 * KIB),
    target("entry", messages::entry, messages::ENTRIES),
    target("anchor", messages::anchor, &[("anchor", 0)]),
    target("carriage", messages::carriage, &[("carriage", 0)]),
    target("carriage-answer", messages::carriage_answer, &[("carriage-answer", 64), ("carriage-answer-later", 64)]),
    target("handover", messages::handover, &[("handover", 0)]),
    target("fates", messages::fates, &[("handover-answer", 0), ("handover-answer-later", 0)]),
    target("enrolment", messages::enrolment, &[("enrolment-request", 64)]),
    target("enrolment-answer", messages::enrolment_answer, messages::ENROLMENT_ANSWERS),
    target("restore", messages::restore, messages::RESTORES).holding(24, 64 * KIB),
    target("fact", signed::fact, signed::FACTS),
    target("register", signed::register, &[]).holding(64, MIB),
    target("rebirth", signed::rebirth, &[("rebirth", 64)]).holding(16, MIB),
    target("certificates", signed::certificates, signed::CERTIFICATES),
    target("verdict", signed::verdict, &[("verdict", 0)]),
    target("end-of-shift", signed::end_of_shift, &[("end-of-shift", 0)]),
    target("evidence", signed::evidence, &[("evidence", 0)]).holding(64, MIB),
    target("piece", sealed::piece, &[("stick-piece", 0)]).holding(8, 2 * MIB),
    target("own-fact", sealed::own_fact, &[]),
    target("message", sealed::message, &[]),
    target("desk-fact", sealed::desk_fact, &[]),
    target("sealed-body", sealed::body, &[]).holding(16, MIB),
    target("opened-body", sealed::opened, &[]).holding(16, MIB),
    target("sealed-to", sealed::sealed_to, &[]),
    target("vault", sealed::vault, &[]).holding(16, 256 * KIB),
    target("identity", sealed::identity, &[]),
    target("change-body", contents::body, &[]),
    target("gate", contents::gate, &[]).holding(64, 8 * MIB),
    target("decoder-pipe", contents::pipe, &[]).holding(64, 8 * MIB),
    target("scalars", contents::scalars, &[]).holding(32, 64 * KIB),
    target("release", contents::release, &[("release", 0)]).holding(16, 64 * KIB),
    target("release-packed", contents::packed, &[]).holding(16, 16 * MIB),
    target("catalogue-file", contents::catalogue_file, &[]).holding(256, 64 * MIB),
    target("typed", texts::typed, &[]).holding(256, MIB),
    target("form", texts::form, &[]).holding(256, 4 * MIB),
    target("words", texts::words, &[]).holding(32, 64 * KIB),
    target("invitation", texts::invitation, &[("invitation", 0)]).holding(16, 64 * KIB),
    target("statement", texts::statement, &[]).holding(32, 64 * KIB),
    target("manifest", texts::manifest, &[]).holding(32, 64 * KIB),
    target("marks", texts::marks, &[]),
    target("hub", whole::hub, &[("request-empty", 64), ("request-full", 64)]).holding(64, 4 * MIB),
];

/// The one of this name.
pub fn by_name(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

/// What was read is written again as the same bytes.
fn again<T, E>(bytes: &[u8], read: Result<T, E>, write: impl FnOnce(&T) -> Vec<u8>) {
    if let Ok(value) = read {
        assert!(write(&value) == bytes, "read, and written again as something else");
    }
}
