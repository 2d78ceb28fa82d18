//! Compressing bodies. One set of zstd contexts a thread: making one costs more than using it.

use crate::dictionary::{DICTIONARIES, Dictionary, PLAIN_ZSTD, STORED};
use crate::{MAX_PLAIN, OpenError};
use std::cell::RefCell;
use zstd::bulk::{Compressor, Decompressor};
use zstd::zstd_safe::{CParameter, find_frame_compressed_size, get_frame_content_size};

/// Nine gives a tenth less than three and costs a fifth of a millisecond, once, when an officer saves.
const LEVEL: i32 = 9;
/// Every zstd frame begins so (RFC 8878, 3.1.1); a body does not repeat it.
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

thread_local! {
    static CODEC: RefCell<Codec> = RefCell::new(Codec::new(DICTIONARIES));
}

/// Does `work` with this thread's contexts.
pub fn with_codec<T>(work: impl FnOnce(&mut Codec) -> T) -> T {
    CODEC.with_borrow_mut(work)
}

/// The contexts for a set of dictionaries.
pub struct Codec {
    seals_with: u8,
    compressor: Compressor<'static>,
    decompressors: Vec<(u8, Decompressor<'static>)>,
}

impl Codec {
    /// Seals with the last of `dictionaries`, opens with any and with none.
    ///
    /// # Panics
    /// If there is no memory for a context.
    pub fn new(dictionaries: &[Dictionary]) -> Self {
        let mut compressor = Compressor::new(LEVEL).expect("memory for a zstd context");
        // The body names the dictionary in one byte; zstd would take four more.
        compressor.set_parameter(CParameter::DictIdFlag(false)).expect("zstd knows this parameter");
        let mut decompressors = vec![(PLAIN_ZSTD, Decompressor::new().expect("memory for a zstd context"))];
        for dictionary in dictionaries {
            let with = Decompressor::with_dictionary(dictionary.bytes).expect("memory for a zstd dictionary");
            decompressors.push((dictionary.id, with));
        }
        let mut seals_with = PLAIN_ZSTD;
        if let Some(newest) = dictionaries.last() {
            compressor.set_dictionary(LEVEL, newest.bytes).expect("memory for a zstd dictionary");
            seals_with = newest.id;
        }
        Self { seals_with, compressor, decompressors }
    }

    /// Appends the dictionary's number and the payload: compressed where that is smaller.
    pub fn deflate(&mut self, plain: &[u8], into: &mut Vec<u8>) {
        let frame = self.compressor.compress(plain).ok();
        let frame = frame.as_deref().and_then(|frame| frame.strip_prefix(&MAGIC));
        match frame {
            Some(frame) if frame.len() < plain.len() => {
                into.push(self.seals_with);
                into.extend_from_slice(frame);
            }
            _ => {
                into.push(STORED);
                into.extend_from_slice(plain);
            }
        }
    }

    /// The other way. Never makes more than [`MAX_PLAIN`] bytes, whatever the payload claims.
    pub fn inflate(&mut self, bytes: &[u8]) -> Result<Vec<u8>, OpenError> {
        let (&id, payload) = bytes.split_first().ok_or(OpenError::Malformed)?;
        if id == STORED {
            return if payload.len() <= MAX_PLAIN { Ok(payload.to_vec()) } else { Err(OpenError::TooLarge) };
        }
        let known = self.decompressors.iter_mut().find(|(known, _)| *known == id);
        let (_, decompressor) = known.ok_or(OpenError::UnknownDictionary(id))?;
        let frame = [&MAGIC[..], payload].concat();
        // One frame that says its size: what our compressor writes.
        let size = get_frame_content_size(&frame).ok().flatten().ok_or(OpenError::Malformed)?;
        let size = usize::try_from(size).ok().filter(|size| *size <= MAX_PLAIN).ok_or(OpenError::TooLarge)?;
        if find_frame_compressed_size(&frame) != Ok(frame.len()) {
            return Err(OpenError::Malformed);
        }
        let mut plain = Vec::with_capacity(size);
        let written = decompressor.decompress_to_buffer(&frame, &mut plain);
        match written {
            Ok(written) if written == size => Ok(plain),
            _ => Err(OpenError::Malformed),
        }
    }
}
