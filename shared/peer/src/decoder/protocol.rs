//! What goes over the pipe: a length `u32` and so many bytes, each way.
//!
//! Job: record 16, kind 1, actor 16, prior (count, then bytes each), change (bytes). Judgement: 0 admitted, 1 waiting,
//! 2 refused and a text.

use super::{Decode, InProcess, Job, Judgement};
use ids::{ChainId, RecordId};
use records::Kind;
use signing::canonical::{DecodeError, Reader, Writer};
use std::io::{self, Read, Write};

/// More than all changes of a record.
const MOST: usize = 64 * 1024 * 1024;

pub(super) fn write_frame(pipe: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
    pipe.write_all(&length.to_be_bytes())?;
    pipe.write_all(bytes)?;
    pipe.flush()
}

pub(super) fn read_frame(pipe: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    pipe.read_exact(&mut length)?;
    let length = u32::from_be_bytes(length) as usize;
    if length > MOST {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut bytes = vec![0; length];
    pipe.read_exact(&mut bytes)?;
    Ok(bytes)
}

pub(super) fn encode_job(job: &Job) -> Vec<u8> {
    let mut w = Writer::new();
    w.fixed(job.record.as_bytes()).u8(job.kind.code()).fixed(job.actor.as_bytes()).count(job.prior.len() as u64);
    job.prior.iter().for_each(|change| {
        w.bytes(change);
    });
    w.bytes(&job.change);
    w.finish()
}

fn decode_job(bytes: &[u8]) -> Result<Job, DecodeError> {
    let mut r = Reader::new(bytes);
    let record = RecordId::from_bytes(r.fixed()?);
    let code = r.u8()?;
    let kind = Kind::from_code(code).ok_or(DecodeError::Unknown(code))?;
    let actor = ChainId::from_bytes(r.fixed()?);
    let count = r.count_to(records::document::MAX_CHANGES + 1)?;
    let prior = (0..count).map(|_| r.bytes(MOST).map(<[u8]>::to_vec)).collect::<Result<_, _>>()?;
    let change = r.bytes(MOST)?.to_vec();
    r.end()?;
    Ok(Job { record, kind, prior, actor, change })
}

fn encode_judgement(judgement: &Judgement) -> Vec<u8> {
    let mut w = Writer::new();
    match judgement {
        Judgement::Admitted => w.u8(0),
        Judgement::Waiting => w.u8(1),
        Judgement::Refused(sentence) => w.u8(2).text(sentence),
        Judgement::Died => w.u8(3),
    };
    w.finish()
}

pub(super) fn decode_judgement(bytes: &[u8]) -> Result<Judgement, DecodeError> {
    let mut r = Reader::new(bytes);
    let judgement = match r.u8()? {
        0 => Judgement::Admitted,
        1 => Judgement::Waiting,
        2 => Judgement::Refused(r.text(4096)?.to_owned()),
        3 => Judgement::Died,
        other => return Err(DecodeError::Unknown(other)),
    };
    r.end()?;
    Ok(judgement)
}

/// The process's whole life: jobs in, judgements out, until the pipe closes.
pub fn serve(mut jobs: impl Read, mut judgements: impl Write) -> io::Result<()> {
    loop {
        let frame = match read_frame(&mut jobs) {
            Ok(frame) => frame,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(()),
            Err(error) => return Err(error),
        };
        let judgement = match decode_job(&frame) {
            Ok(job) => InProcess.judge(&job),
            Err(_) => Judgement::Refused("невідомий вид запису / an unknown kind of record".into()),
        };
        write_frame(&mut judgements, &encode_judgement(&judgement))?;
    }
}
