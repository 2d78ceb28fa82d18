//! The vault file, version 1. The table is in `docs/at-rest-format.md`.

use super::slot::{OfficerSlot, RecoverySlot};
use super::wrapped::Wrapped;
use super::{Login, MOST_OFFICERS, Vault, VaultFileError};
use crate::Cost;
use ring::digest::{SHA256, digest};
use signing::AgreementPublicKey;
use signing::canonical::{DecodeError, Reader, Writer};

const MAGIC: &[u8; 12] = b"VALIZA-VAULT";
const VERSION: u8 = 1;
const CHECKSUM: usize = 32;
const LONGEST_LOGIN: usize = 32;
const LONGEST_SEALED_CODE: usize = 128;

impl Vault {
    /// The file's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut w = Writer::new();
        w.fixed(MAGIC).u8(VERSION).fixed(&self.id).fixed(&self.check);
        w.count(self.officers.len() as u64);
        for slot in &self.officers {
            write_officer(&mut w, slot);
        }
        w.option(self.recovery.as_ref(), write_recovery);
        let mut bytes = w.finish();
        let checksum = digest(&SHA256, &bytes);
        bytes.extend_from_slice(checksum.as_ref());
        bytes
    }

    /// Reads a file. A forged cost is refused here, before any passphrase is tried.
    pub fn decode(bytes: &[u8]) -> Result<Self, VaultFileError> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(VaultFileError::NotAVault)?;
        match rest.first() {
            Some(&VERSION) => {}
            Some(&newer) if newer > VERSION => return Err(VaultFileError::Newer(newer)),
            _ => return Err(VaultFileError::Damaged),
        }
        let (content, checksum) = bytes.split_last_chunk::<CHECKSUM>().ok_or(VaultFileError::Damaged)?;
        if digest(&SHA256, content).as_ref() != checksum {
            return Err(VaultFileError::Damaged);
        }
        let body = content.get(MAGIC.len() + 1..).ok_or(VaultFileError::Damaged)?;
        read_vault(&mut Reader::new(body))
    }
}

fn read_vault(r: &mut Reader<'_>) -> Result<Vault, VaultFileError> {
    let (id, check) = (r.fixed()?, r.fixed()?);
    let mut vault = Vault { id, check, officers: Vec::new(), recovery: None };
    for _ in 0..r.count_to(MOST_OFFICERS)? {
        let slot = read_officer(r)?;
        if vault.slot(slot.login.as_str()).is_some() {
            return Err(VaultFileError::Damaged);
        }
        vault.officers.push(slot);
    }
    vault.recovery = r.option(read_recovery)?;
    r.clone().end()?;
    Ok(vault)
}

fn write_officer(w: &mut Writer, slot: &OfficerSlot) {
    w.text(slot.login.as_str());
    w.u32(slot.cost.memory_kib()).u32(slot.cost.passes()).u32(slot.cost.lanes());
    w.fixed(&slot.salt);
    slot.wrapped.write(w);
}

fn read_officer(r: &mut Reader<'_>) -> Result<OfficerSlot, VaultFileError> {
    let login = Login::new(r.text(LONGEST_LOGIN)?).map_err(|_| VaultFileError::Damaged)?;
    let cost = Cost::new(r.u32()?, r.u32()?, r.u32()?)?;
    Ok(OfficerSlot { login, cost, salt: r.fixed()?, wrapped: Wrapped::read(r)? })
}

fn write_recovery(w: &mut Writer, slot: &RecoverySlot) {
    w.fixed(&slot.desk.0).bytes(&slot.sealed_code);
    slot.wrapped.write(w);
}

fn read_recovery(r: &mut Reader<'_>) -> Result<RecoverySlot, DecodeError> {
    let desk = AgreementPublicKey(r.fixed()?);
    let sealed_code = r.bytes(LONGEST_SEALED_CODE)?.to_vec();
    Ok(RecoverySlot { desk, sealed_code, wrapped: Wrapped::read(r)? })
}

impl From<DecodeError> for VaultFileError {
    fn from(_: DecodeError) -> Self {
        Self::Damaged
    }
}
