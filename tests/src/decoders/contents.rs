//! What records and the catalogue are made of.

use super::again;
use catalogue::{Catalogue, ReleaseSource};
use ids::{ChainId, RecordId};
use records::body::Body;
use records::event::Event;
use records::{Document, Edit, EntryId, Gate, Kind, Paper, Stamp};
use std::sync::OnceLock;

pub const ME: ChainId = ChainId::from_bytes([0xaa; 16]);
pub const OTHER: ChainId = ChainId::from_bytes([0xbb; 16]);
const AT: i64 = 1_795_255_200_000;

pub fn body(bytes: &[u8]) {
    again(bytes, Body::decode(bytes), Body::encode);
}

/// Documents that a change may be offered to: a request with a conflict, one that nobody has edited, a resident, and one
/// of which nothing has arrived.
pub fn documents() -> &'static [Document; 4] {
    static DOCUMENTS: OnceLock<[Document; 4]> = OnceLock::new();
    DOCUMENTS.get_or_init(|| {
        let id = RecordId::from_bytes([0x40; 16]);
        let fields = crate::world::request_fields("7-211126-014-К4Е", "Коваль");
        let (born, _) = Document::create(Kind::Request, id, OTHER, AT, &fields).expect("a birth");
        let (mut both, mut fork) = (born.clone(), born.clone());
        let write = |document: &mut Document, by, key: &str, value: &str| {
            document.edit(by, AT, &[Edit::new(key, value)]).expect("an edit").expect("it changes something")
        };
        write(&mut both, ME, "phone", "+380501112233");
        let foreign = write(&mut fork, OTHER, "a.last", "Ковальчук");
        write(&mut both, ME, "a.last", "Коваленко");
        let admitted = Gate::admit(&both, Kind::Request, OTHER, foreign.as_bytes()).expect("honest");
        both.apply(admitted).expect("admitted");
        let person = [Edit::new("a.last", "Коваль"), Edit::new("a.first", "Ганна")];
        let (resident, _) = Document::create(Kind::Resident, id, OTHER, AT, &person).expect("a birth");
        [both, born, resident, Document::empty(Kind::Request, id)]
    })
}

/// Checksum of a chunk of automerge, made right.
fn summed(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    if bytes.len() > 8 {
        let sum = ring::digest::digest(&ring::digest::SHA256, &bytes[8..]);
        bytes[4..8].copy_from_slice(&sum.as_ref()[..4]);
    }
    bytes
}

/// The first byte says which document; the rest is a change by [`ME`]. What the gate admits applies, loads again with
/// the same heads, and the next honest edit goes through.
pub fn gate(bytes: &[u8]) {
    let Some((which, change)) = bytes.split_first() else { return };
    let document = &documents()[usize::from(*which) % 4];
    let change = summed(change);
    let _ = Gate::peek(&change);
    let Ok(admitted) = Gate::admit(document, document.kind(), ME, &change) else { return };
    assert!(admitted.bytes() == change);
    let heads = document.heads_with(&admitted);
    let mut after = document.clone();
    after.apply(admitted).expect("what is admitted applies");
    assert_eq!(after.heads(), heads);
    let _ = after.values();
    assert!(!after.save().is_empty());
    if !after.is_empty() && !after.is_full() {
        after.edit(ME, AT, &[Edit::new("phone", "+380671112233")]).expect("the next honest edit");
    }
}

/// What comes over the pipe of the process that decodes changes.
pub fn pipe(bytes: &[u8]) {
    // A frame says its length; a job that never ends is not read here.
    let framed = [&(bytes.len() as u32).to_be_bytes()[..], bytes].concat();
    let mut judgements = Vec::new();
    peer::decoder::serve(framed.as_slice(), &mut judgements).expect("one job, one judgement");
    assert!(judgements.len() >= 5);
}

/// Texts inside records: events, stamps, papers, entry ids.
pub fn scalars(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Some(event) = Event::decode(text) {
        assert_eq!(Event::decode(&event.encode()), Some(event));
    }
    if let Some(paper) = Paper::decode(text) {
        assert_eq!(Paper::decode(&paper.encode()), Some(paper));
    }
    for about in ["1", "2", "3", "4", "5"] {
        if let Some(stamp) = Stamp::decode(about, text) {
            let once = stamp.encode();
            assert_eq!(Stamp::decode(about, &once).map(|stamp| stamp.encode()), Some(once));
        }
    }
    let _ = EntryId::is_well_formed(text);
}

pub fn release(bytes: &[u8]) {
    if let Ok(source) = ReleaseSource::parse(bytes) {
        assert!(source.canonical_bytes() == bytes);
        let _ = source.check();
    }
}

/// A release as the difference to nothing and to a small one.
pub fn packed(bytes: &[u8]) {
    static BASE: OnceLock<ReleaseSource> = OnceLock::new();
    let base = BASE.get_or_init(|| {
        let files = [("catalogue.json", "{}\n"), ("territories.txt", "# Перелік\n")];
        let files = files.map(|(name, text)| (name.to_owned(), text.to_owned()));
        ReleaseSource::from_files(files).expect("two good names")
    });
    for base in [None, Some(base)] {
        if let Ok(source) = ReleaseSource::unpacked(bytes, base) {
            assert!(ReleaseSource::parse(&source.canonical_bytes()).is_ok());
        }
    }
}

/// One file of the catalogue in the place of ours; the first byte says which.
pub fn catalogue_file(bytes: &[u8]) {
    static SOURCE: OnceLock<Vec<(String, String)>> = OnceLock::new();
    let ours = SOURCE.get_or_init(|| {
        let source = ReleaseSource::embedded();
        source.files().map(|(name, text)| (name.to_owned(), text.to_owned())).collect()
    });
    let Some((which, text)) = bytes.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let at = usize::from(*which) % ours.len();
    let mut files: Vec<(&str, &str)> = ours.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    files[at].1 = text;
    if let Err(errors) = Catalogue::parse(&files) {
        assert!(!errors.to_string().is_empty());
    }
}
