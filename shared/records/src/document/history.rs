//! The graph of a document's changes: who wrote each, when, and having seen what.

use std::collections::{BTreeMap, HashMap};

use automerge::{ActorId, Change, ChangeHash};
use ids::ChainId;

/// One change of the document.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub actor: ChainId,
    /// Number of the first operation, and of the last.
    pub ops: (u64, u64),
    /// The author's device time, milliseconds since 1970.
    pub at: i64,
    /// The highest operation number in the change and all it has seen.
    pub max_op: u64,
    /// How many changes of each actor it has seen, itself included.
    pub clock: BTreeMap<ChainId, u64>,
    pub hash: ChangeHash,
}

impl Node {
    /// The change's place among its actor's.
    pub fn seq(&self) -> u64 {
        self.clock.get(&self.actor).copied().unwrap_or(0)
    }

    /// Whether `other` was known to the author of this change, or is this change.
    pub fn has_seen(&self, other: &Node) -> bool {
        self.clock.get(&other.actor).copied().unwrap_or(0) >= other.seq()
    }
}

/// All changes, in an order in which none comes before what it depends on.
#[derive(Debug, Clone, Default)]
pub(crate) struct History {
    nodes: Vec<Node>,
    by_hash: HashMap<ChangeHash, usize>,
    by_actor: HashMap<ChainId, Vec<usize>>,
    bytes: usize,
}

impl History {
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Raw bytes of all changes together.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    pub fn get(&self, hash: &ChangeHash) -> Option<&Node> {
        self.by_hash.get(hash).map(|place| &self.nodes[*place])
    }

    /// How many changes the document holds of one actor.
    pub fn count_of(&self, actor: ChainId) -> u64 {
        self.by_actor.get(&actor).map_or(0, |places| places.len() as u64)
    }

    /// The change that holds operation number `op` of `actor`.
    pub fn writer(&self, actor: ChainId, op: u64) -> Option<&Node> {
        let places = self.by_actor.get(&actor)?;
        let after = places.partition_point(|place| self.nodes[*place].ops.0 <= op);
        let node = &self.nodes[*places.get(after.checked_sub(1)?)?];
        (op <= node.ops.1).then_some(node)
    }

    /// What somebody who has seen exactly `deps` has seen: a clock and the highest operation number.
    pub fn seen_by(&self, deps: &[ChangeHash]) -> Option<(BTreeMap<ChainId, u64>, u64)> {
        let mut clock = BTreeMap::new();
        let mut max_op = 0;
        for dep in deps {
            let node = self.get(dep)?;
            max_op = max_op.max(node.max_op);
            for (actor, seq) in &node.clock {
                let held: &mut u64 = clock.entry(*actor).or_default();
                *held = (*held).max(*seq);
            }
        }
        Some((clock, max_op))
    }

    /// Take in a change whose dependencies are all here. `false` if they are not, if the change does not follow its
    /// actor's last one, or if an actor is not a chain.
    #[must_use]
    pub fn add(&mut self, change: &Change) -> bool {
        let Some(actor) = chain_of(change.actor_id()) else { return false };
        let Some((mut clock, max_op)) = self.seen_by(change.deps()) else { return false };
        if change.seq() != self.count_of(actor) + 1 {
            return false;
        }
        clock.insert(actor, change.seq());
        let first = change.start_op().get();
        let last = first.saturating_add(change.len() as u64).saturating_sub(1);
        let node = Node {
            actor,
            ops: (first, last),
            at: change.timestamp(),
            max_op: max_op.max(last),
            clock,
            hash: change.hash(),
        };
        self.by_hash.insert(node.hash, self.nodes.len());
        self.by_actor.entry(actor).or_default().push(self.nodes.len());
        self.nodes.push(node);
        self.bytes += change.raw_bytes().len();
        true
    }
}

/// The chain an automerge actor is; `None` if it is not 16 bytes.
pub(crate) fn chain_of(actor: &ActorId) -> Option<ChainId> {
    let bytes: [u8; 16] = actor.to_bytes().try_into().ok()?;
    Some(ChainId::from_bytes(bytes))
}
