//! A record with a history, and the honest change that its next author would write: what forgeries are made of.

use automerge::legacy::OpId;
use automerge::{ActorId, Change, ExpandedChange};
use ids::{ChainId, RecordId};
use records::document::Written;
use records::{ChangeBytes, Document, Edit, Gate, Kind};

/// Device time of all changes here.
pub const AT: i64 = 1_795_255_200_000;

/// What a forger has before it.
#[derive(Clone)]
pub struct Scene {
    /// The record as the forger holds it.
    pub document: Document,
    /// The forger's chain.
    pub me: ChainId,
    /// Another author of the record.
    pub other: ChainId,
    /// How many changes of the record are the forger's.
    pub mine: u64,
    /// How many are the other author's.
    pub others: u64,
    /// The next change that the forger would honestly write: `a.last` over what is there, and `f.x`.
    pub honest: Vec<u8>,
}

impl Scene {
    /// Around a document in which `me` wrote `mine` changes and `other` wrote `others`.
    pub fn of(document: Document, (me, mine): (ChainId, u64), (other, others): (ChainId, u64)) -> Self {
        let edits = [Edit::new("a.last", "Підробенко"), Edit::new("f.x", "1")];
        let honest = document.clone().edit(me, AT, &edits).expect("an honest edit").expect("it changes something");
        Self { document, me, other, mine, others, honest: honest.into_bytes() }
    }

    /// A record on its own: born by `other`, edited by both, with a conflict if `seed` is odd.
    pub fn invented(seed: u8) -> Self {
        let (me, other) = (ChainId::from_random([0xaa; 16]), ChainId::from_random([0xbb; 16]));
        let record = RecordId::from_random([seed; 16]);
        let fields = valiza_tests::world::request_fields("7-211126-014-К4Е", "Коваль");
        let (mut document, _) = Document::create(Kind::Request, record, other, AT, &fields).expect("a birth");
        let mut fork = document.clone();
        write(&mut document, me, &[Edit::new("phone", "+380501112233")]);
        if seed % 2 == 1 {
            let by_other = write(&mut fork, other, &[Edit::new("a.last", "Ковальчук"), Edit::new("a.first", "Ольга")]);
            write(&mut document, me, &[Edit::new("a.last", "Коваленко")]);
            take(&mut document, other, by_other.as_bytes());
            return Self::of(document, (me, 2), (other, 2));
        }
        Self::of(document, (me, 1), (other, 1))
    }

    /// The surviving values of a key, the winner first.
    pub fn written(&self, key: &str) -> Vec<Written> {
        self.document.values().remove(key).unwrap_or_default()
    }

    /// The operation that wrote a key, as automerge names it.
    pub fn op(&self, key: &str) -> OpId {
        let written = self.written(key);
        let first = written.first().unwrap_or_else(|| panic!("{key} is there"));
        OpId(first.op, actor(first.by))
    }

    /// The honest change with something turned.
    pub fn twisted(&self, twist: impl FnOnce(&mut ExpandedChange)) -> Vec<u8> {
        let mut change = self.expanded();
        twist(&mut change);
        Change::from(change).raw_bytes().to_vec()
    }

    /// The honest change in parts.
    pub fn expanded(&self) -> ExpandedChange {
        Change::try_from(self.honest.as_slice()).expect("an honest change").decode()
    }
}

/// Writes edits that change something.
pub fn write(document: &mut Document, by: ChainId, edits: &[Edit]) -> ChangeBytes {
    document.edit(by, AT, edits).expect("an honest edit").expect("it changes something")
}

/// Takes an honest change in, through the gate.
pub fn take(document: &mut Document, by: ChainId, bytes: &[u8]) {
    let admitted = Gate::admit(document, document.kind(), by, bytes).expect("an honest change passes");
    document.apply(admitted).expect("an admitted change applies");
}

/// As automerge names a chain.
pub fn actor(chain: ChainId) -> ActorId {
    ActorId::from(chain.as_bytes().as_slice())
}
