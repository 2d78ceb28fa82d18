//! Reading the small part of automerge's change chunk that our programs write, with every limit checked before
//! anything is expanded. automerge's own parser never sees foreign bytes.
//!
//! A chunk (automerge's storage format, version 1), numbers in LEB128 unless said otherwise:
//!
//! | part | bytes |
//! |---|---|
//! | magic | `85 6f 4a 83` |
//! | checksum | first 4 bytes of SHA-256 over type, length, contents |
//! | type | 1 |
//! | length of contents | |
//! | dependencies | count, 32 bytes each, sorted |
//! | actor | length 16, 16 bytes |
//! | seq, first operation, time (signed), message length 0 | |
//! | other actors | count, each length 16 and 16 bytes, sorted |
//! | columns | count, each specification and length |
//! | column data | keys, insert flags, actions, value metadata, value bytes, count of replaced operations, their actors, their numbers |

use ids::ChainId;

use super::column::{Bytes, booleans_all_false, run_lengths, signed_run_lengths};
use super::refusal::RefusalCode;
use super::{MAX_ACTORS, MAX_CHANGE_BYTES, MAX_DEPS, MAX_OP, MAX_OPS, MAX_PREDS, MAX_PREDS_IN_ALL};
use crate::Value;
use crate::schema::{MAX_KEY, MAX_TEXT};

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHANGE_CHUNK: u8 = 1;

const KEY: u64 = 0x15;
const INSERT: u64 = 0x34;
const ACTION: u64 = 0x42;
const VALUE_META: u64 = 0x56;
const VALUE: u64 = 0x57;
const PRED_COUNT: u64 = 0x70;
const PRED_ACTOR: u64 = 0x71;
const PRED_OP: u64 = 0x73;
const COLUMNS: [u64; 8] = [KEY, INSERT, ACTION, VALUE_META, VALUE, PRED_COUNT, PRED_ACTOR, PRED_OP];

/// A change as it stands in the bytes; nothing about a document has been checked.
#[derive(Debug)]
pub(super) struct Chunk<'a> {
    pub deps: Vec<[u8; 32]>,
    pub actor: ChainId,
    pub seq: u64,
    pub start_op: u64,
    pub at: i64,
    pub ops: Vec<Op<'a>>,
}

/// One operation on the root map.
#[derive(Debug)]
pub(super) struct Op<'a> {
    pub key: &'a str,
    /// `None` deletes.
    pub value: Option<Value>,
    /// Number and author of each operation it replaces, in ascending order.
    pub preds: Vec<(u64, ChainId)>,
}

/// Read a chunk. Costs at most a few reads for each byte; allocates at most what the limits allow.
pub(super) fn read(bytes: &[u8]) -> Result<Chunk<'_>, RefusalCode> {
    let mut input = Bytes::new(contents(bytes)?);
    let dep_count = input.count(MAX_DEPS).map_err(|_| RefusalCode::Deps)?;
    let deps: Vec<[u8; 32]> = (0..dep_count).map(|_| input.array()).collect::<Result<_, _>>()?;
    if !deps.is_sorted_by(|a, b| a < b) {
        return Err(RefusalCode::Deps);
    }
    let actor = chain(&mut input).map_err(|_| RefusalCode::Actor)?;
    let seq = input.unsigned()?;
    let start_op = input.unsigned()?;
    if start_op == 0 || start_op > MAX_OP {
        return Err(RefusalCode::StartOp);
    }
    let at = input.signed()?;
    if input.unsigned()? != 0 {
        return Err(RefusalCode::Extra);
    }
    let actor_count = input.count(MAX_ACTORS).map_err(|_| RefusalCode::OtherActors)?;
    let other_actors: Vec<ChainId> =
        (0..actor_count).map(|_| chain(&mut input)).collect::<Result<_, _>>().map_err(|_| RefusalCode::OtherActors)?;
    if !other_actors.is_sorted_by(|a, b| a < b) || other_actors.contains(&actor) {
        return Err(RefusalCode::OtherActors);
    }
    let columns = Columns::read(&mut input)?;
    let actors: Vec<ChainId> = std::iter::once(actor).chain(other_actors.iter().copied()).collect();
    let ops = columns.ops(&actors)?;
    Ok(Chunk { deps, actor, seq, start_op, at, ops })
}

fn contents(bytes: &[u8]) -> Result<&[u8], RefusalCode> {
    if bytes.len() > MAX_CHANGE_BYTES {
        return Err(RefusalCode::Length);
    }
    let mut input = Bytes::new(bytes);
    if input.array::<4>().map_err(|_| RefusalCode::Length)? != MAGIC {
        return Err(RefusalCode::Type);
    }
    // The checksum is compared with the re-encoded change's in the end.
    input.array::<4>().map_err(|_| RefusalCode::Length)?;
    if input.array::<1>().map_err(|_| RefusalCode::Length)? != [CHANGE_CHUNK] {
        return Err(RefusalCode::Type);
    }
    let length = input.unsigned().map_err(|_| RefusalCode::Length)?;
    let rest = input.rest();
    if length != rest.len() as u64 { Err(RefusalCode::Length) } else { Ok(rest) }
}

fn chain(input: &mut Bytes<'_>) -> Result<ChainId, RefusalCode> {
    if input.unsigned()? != 16 {
        return Err(RefusalCode::Actor);
    }
    Ok(ChainId::from_bytes(input.array()?))
}

/// The data of each column we know, empty where it is absent.
struct Columns<'a>([&'a [u8]; COLUMNS.len()]);

impl<'a> Columns<'a> {
    fn read(input: &mut Bytes<'a>) -> Result<Self, RefusalCode> {
        let count = input.count(COLUMNS.len()).map_err(|_| RefusalCode::Column)?;
        let mut named = Vec::with_capacity(count);
        for _ in 0..count {
            let place = place_of(input.unsigned()?)?;
            named.push((place, input.unsigned()?));
        }
        if !named.is_sorted_by(|a, b| a.0 < b.0) {
            return Err(RefusalCode::Column);
        }
        let mut data = [&[][..]; COLUMNS.len()];
        for (place, length) in named {
            data[place] = input.take(usize::try_from(length).map_err(|_| RefusalCode::Length)?)?;
            if data[place].is_empty() {
                return Err(RefusalCode::Column);
            }
        }
        if input.rest().is_empty() { Ok(Self(data)) } else { Err(RefusalCode::Extra) }
    }

    fn get(&self, column: u64) -> &'a [u8] {
        place_of(column).map_or(&[], |place| self.0[place])
    }

    fn ops(&self, actors: &[ChainId]) -> Result<Vec<Op<'a>>, RefusalCode> {
        let actions = run_lengths(self.get(ACTION), MAX_OPS, Bytes::unsigned)?;
        let rows = actions.len();
        if rows == 0 {
            return Err(RefusalCode::Rows);
        }
        if !booleans_all_false(self.get(INSERT), rows) {
            return Err(RefusalCode::Action);
        }
        let keys = run_lengths(self.get(KEY), MAX_OPS, |input| input.text(MAX_KEY).map_err(|_| RefusalCode::Key))?;
        let metas = run_lengths(self.get(VALUE_META), MAX_OPS, Bytes::unsigned)?;
        let counts =
            run_lengths(self.get(PRED_COUNT), MAX_OPS, |input| input.count(MAX_PREDS).map_err(|_| RefusalCode::Pred))?;
        if [keys.len(), metas.len(), counts.len()] != [rows; 3] {
            return Err(RefusalCode::Malformed);
        }
        let mut values = Bytes::new(self.get(VALUE));
        let mut preds = self.preds(actors, counts.iter().sum())?.into_iter();
        let mut ops = Vec::with_capacity(rows);
        for row in 0..rows {
            let value = value(actions[row], metas[row], &mut values)?;
            let preds: Vec<(u64, ChainId)> = preds.by_ref().take(counts[row]).collect();
            if !preds.is_sorted_by(|a, b| a < b) {
                return Err(RefusalCode::Pred);
            }
            ops.push(Op { key: keys[row], value, preds });
        }
        if values.rest().is_empty() { Ok(ops) } else { Err(RefusalCode::Malformed) }
    }

    fn preds(&self, actors: &[ChainId], count: usize) -> Result<Vec<(u64, ChainId)>, RefusalCode> {
        if count > MAX_PREDS_IN_ALL {
            return Err(RefusalCode::Pred);
        }
        let by = run_lengths(self.get(PRED_ACTOR), count, Bytes::unsigned).map_err(|_| RefusalCode::Pred)?;
        let numbers = signed_run_lengths(self.get(PRED_OP), count).map_err(|_| RefusalCode::Pred)?;
        if [by.len(), numbers.len()] != [count; 2] {
            return Err(RefusalCode::Pred);
        }
        let mut last = 0i64;
        let mut preds = Vec::with_capacity(count);
        for (place, delta) in by.into_iter().zip(numbers) {
            last = last.checked_add(delta).ok_or(RefusalCode::Pred)?;
            let number = u64::try_from(last).ok().filter(|n| (1..=MAX_OP).contains(n)).ok_or(RefusalCode::Pred)?;
            let actor =
                usize::try_from(place).ok().and_then(|place| actors.get(place)).ok_or(RefusalCode::OtherActors)?;
            preds.push((number, *actor));
        }
        Ok(preds)
    }
}

fn place_of(column: u64) -> Result<usize, RefusalCode> {
    COLUMNS.iter().position(|known| *known == column).ok_or(RefusalCode::Column)
}

/// `None` for a deletion. Metadata: length in bytes × 16 + type.
fn value(action: u64, meta: u64, values: &mut Bytes<'_>) -> Result<Option<Value>, RefusalCode> {
    let length = usize::try_from(meta >> 4).map_err(|_| RefusalCode::Value)?;
    if length > MAX_TEXT {
        return Err(RefusalCode::Value);
    }
    let mut bytes = Bytes::new(values.take(length)?);
    let value = match (action, meta & 15) {
        (3, 0) => None,
        (1, 1) => Some(Value::Bool(false)),
        (1, 2) => Some(Value::Bool(true)),
        (1, 4) => Some(Value::Int(bytes.signed()?)),
        (1, 6) => {
            Some(Value::Text(std::str::from_utf8(bytes.rest_taken()).map_err(|_| RefusalCode::Value)?.to_owned()))
        }
        (1, _) | (3, _) => return Err(RefusalCode::Value),
        _ => return Err(RefusalCode::Action),
    };
    if bytes.rest().is_empty() { Ok(value) } else { Err(RefusalCode::Value) }
}
