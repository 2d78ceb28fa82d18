//! automerge's storage chunks written byte by byte, with a right checksum.

use ids::ChainId;

/// Type of a chunk that is a whole document.
pub const DOCUMENT: u8 = 0;
/// Type of a chunk that is one change.
pub const CHANGE: u8 = 1;
/// Type of a chunk that is one deflated change.
pub const COMPRESSED: u8 = 2;
/// Type of a chunk that is a bundle of changes.
pub const BUNDLE: u8 = 3;

/// Unsigned LEB128.
pub fn unsigned(mut value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while value > 0x7f {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
    out
}

/// Unsigned LEB128 with bytes that say nothing: the same number, another spelling.
pub fn overlong(value: u64) -> Vec<u8> {
    let mut out = unsigned(value);
    if let Some(last) = out.last_mut() {
        *last |= 0x80;
    }
    out.extend([0x80, 0]);
    out
}

/// Signed LEB128.
pub fn signed(mut value: i64) -> Vec<u8> {
    let mut out = Vec::new();
    loop {
        let byte = (value & 0x7f) as u8;
        value >>= 7;
        if (value == 0 && byte & 0x40 == 0) || (value == -1 && byte & 0x40 != 0) {
            out.push(byte);
            return out;
        }
        out.push(byte | 0x80);
    }
}

/// A chunk of any type around contents.
pub fn framed(kind: u8, contents: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0, kind];
    bytes.extend(unsigned(contents.len() as u64));
    bytes.extend_from_slice(contents);
    with_checksum(bytes)
}

/// The first four bytes of SHA-256 over type, length and contents, put where they belong.
pub fn with_checksum(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.len() > 8 {
        let sum = ring::digest::digest(&ring::digest::SHA256, &bytes[8..]);
        bytes[4..8].copy_from_slice(&sum.as_ref()[..4]);
    }
    bytes
}

/// A change chunk of `rows` equal puts, field by field; what is odd about it is the caller's.
pub struct Raw {
    /// Hashes.
    pub deps: Vec<[u8; 32]>,
    /// Who says to have written it.
    pub actor: ChainId,
    /// As bytes, so that they can be spelled oddly.
    pub seq: Vec<u8>,
    /// As bytes, so that they can be spelled oddly.
    pub start_op: Vec<u8>,
    /// Milliseconds since 1970.
    pub time: i64,
    /// Specification and data.
    pub columns: Vec<(u64, Vec<u8>)>,
}

impl Raw {
    /// The bytes.
    pub fn bytes(&self) -> Vec<u8> {
        let mut contents = unsigned(self.deps.len() as u64);
        self.deps.iter().for_each(|dep| contents.extend_from_slice(dep));
        contents.push(16);
        contents.extend_from_slice(self.actor.as_bytes());
        contents.extend_from_slice(&self.seq);
        contents.extend_from_slice(&self.start_op);
        contents.extend(signed(self.time));
        contents.extend([0, 0]); // no message, no other actors
        contents.extend(unsigned(self.columns.len() as u64));
        for (specification, data) in &self.columns {
            contents.extend(unsigned(*specification));
            contents.extend(unsigned(data.len() as u64));
        }
        self.columns.iter().for_each(|(_, data)| contents.extend_from_slice(data));
        framed(CHANGE, &contents)
    }
}

/// The columns of one text put under a key that nothing was under.
pub fn one_put(key: &str, value: &str) -> Vec<(u64, Vec<u8>)> {
    let literal = |data: Vec<u8>| [vec![0x7f], data].concat();
    let key = [unsigned(key.len() as u64), key.as_bytes().to_vec()].concat();
    vec![
        (0x15, literal(key)),
        (0x34, vec![1]),
        (0x42, literal(vec![1])),
        (0x56, literal(unsigned((value.len() as u64) << 4 | 6))),
        (0x57, value.as_bytes().to_vec()),
        (0x70, literal(vec![0])),
    ]
}

/// The columns of `rows` puts of nothing under one key: a few bytes however many they are.
pub fn many_puts(key: &str, rows: u64) -> Vec<(u64, Vec<u8>)> {
    let run = |data: Vec<u8>| [signed(rows as i64), data].concat();
    let key = [unsigned(key.len() as u64), key.as_bytes().to_vec()].concat();
    vec![(0x15, run(key)), (0x34, unsigned(rows)), (0x42, run(vec![1])), (0x56, run(vec![0])), (0x70, run(vec![0]))]
}
