//! A release as the difference to another: version = 1, then one zstd frame whose prefix is the base's canonical bytes.

use zstd::zstd_safe::{CCtx, CParameter, DCtx, get_frame_content_size};

use super::source::{MAX_RELEASE, ReleaseError};

/// Releases are packed once and carried to every suitcase.
const LEVEL: i32 = 19;
/// 8 MiB: base and release together, so that all of the base is in reach.
const WINDOW: u32 = 23;

pub(super) fn pack(plain: &[u8], base: &[u8]) -> Result<Vec<u8>, ReleaseError> {
    let failed = |_| ReleaseError::Damaged;
    let mut context = CCtx::create();
    context.set_parameter(CParameter::CompressionLevel(LEVEL)).map_err(failed)?;
    context.set_parameter(CParameter::WindowLog(WINDOW)).map_err(failed)?;
    context.set_parameter(CParameter::EnableLongDistanceMatching(true)).map_err(failed)?;
    context.ref_prefix(base).map_err(failed)?;
    let mut frame = Vec::with_capacity(zstd::zstd_safe::compress_bound(plain.len()));
    context.compress2(&mut frame, plain).map_err(failed)?;
    let mut packed = vec![1];
    packed.append(&mut frame);
    Ok(packed)
}

pub(super) fn unpack(packed: &[u8], base: &[u8]) -> Result<Vec<u8>, ReleaseError> {
    let (version, frame) = packed.split_first().ok_or(ReleaseError::Damaged)?;
    if *version != 1 {
        return Err(ReleaseError::Later);
    }
    // The frame states its size: nothing is made room for beyond the limit, whatever it says.
    let size = get_frame_content_size(frame).ok().flatten().ok_or(ReleaseError::Damaged)?;
    let size = usize::try_from(size).ok().filter(|size| *size <= MAX_RELEASE).ok_or(ReleaseError::TooLarge)?;
    let mut context = DCtx::create();
    context.ref_prefix(base).map_err(|_| ReleaseError::Damaged)?;
    let mut plain = Vec::with_capacity(size);
    context.decompress(&mut plain, frame).map_err(|_| ReleaseError::Damaged)?;
    if plain.len() == size { Ok(plain) } else { Err(ReleaseError::Damaged) }
}
