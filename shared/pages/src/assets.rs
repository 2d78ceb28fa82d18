//! Stylesheet, script and fonts, compiled in and served under addresses that change with their content.

use axum::Router;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::sync::LazyLock;

/// One embedded file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asset {
    /// The last part of its address.
    pub name: &'static str,
    /// Its media type with the character set where there is one.
    pub mime: &'static str,
    /// Its content.
    pub bytes: &'static [u8],
}

macro_rules! asset {
    ($name:literal, $path:literal, $mime:literal) => {
        Asset { name: $name, mime: $mime, bytes: include_bytes!(concat!("../assets/", $path)) }
    };
}

/// All embedded files. The stylesheet names the fonts by their bare names, so they stand in one folder.
pub const ALL: [Asset; 7] = [
    asset!("valiza.css", "valiza.css", "text/css; charset=utf-8"),
    asset!("paper.css", "paper.css", "text/css; charset=utf-8"),
    asset!("valiza.js", "valiza.js", "text/javascript; charset=utf-8"),
    asset!("inter-cyrillic.woff2", "fonts/inter-cyrillic.woff2", "font/woff2"),
    asset!("inter-latin.woff2", "fonts/inter-latin.woff2", "font/woff2"),
    asset!("inter-paper-400.woff2", "fonts/inter-paper-400.woff2", "font/woff2"),
    asset!("inter-paper-600.woff2", "fonts/inter-paper-600.woff2", "font/woff2"),
];

/// The 64-bit FNV-1a hash of all files in hexadecimal: one version for the whole folder. It tells builds apart and
/// guards nothing, so it need not be cryptographic.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in ALL.iter().flat_map(|asset| asset.name.bytes().chain(asset.bytes.iter().copied())) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
});

/// The address of a file: `/assets/0123456789abcdef/valiza.css`.
pub fn url(name: &str) -> String {
    format!("/assets/{}/{name}", *VERSION)
}

/// The file of that name.
pub fn find(name: &str) -> Option<&'static Asset> {
    ALL.iter().find(|asset| asset.name == name)
}

/// The route of all files; merge it into the console's router.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{version}/{name}", get(serve))
}

async fn serve(Path((version, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let Some(asset) = find(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let etag = format!("\"{}\"", *VERSION);
    // A page of an older build may still ask under its version: it gets today's file, but does not keep it.
    let keep = if version == *VERSION { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = headers.get(IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == etag.as_bytes());
    let head = [(CONTENT_TYPE, asset.mime.to_owned()), (CACHE_CONTROL, keep.to_owned()), (ETAG, etag)];
    if known {
        return (StatusCode::NOT_MODIFIED, head).into_response();
    }
    (head, asset.bytes).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(name: &str) -> &'static str {
        std::str::from_utf8(find(name).unwrap().bytes).unwrap()
    }

    #[test]
    fn the_stylesheet_names_only_files_that_are_there() {
        for name in ["valiza.css", "paper.css"] {
            for piece in text(name).split("url(\"").skip(1) {
                let file = piece.split('"').next().unwrap();
                assert!(find(file).is_some(), "{name} asks for {file}");
            }
        }
        assert!(text("valiza.css").contains("url(\"inter-cyrillic.woff2\")"));
    }

    #[test]
    fn the_script_is_small_and_needs_no_exception_in_the_policy() {
        let script = text("valiza.js");
        assert!(script.lines().count() <= 350, "{} lines", script.lines().count());
        for forbidden in ["eval(", "innerHTML", "new Function", "document.write", ".style."] {
            assert!(!script.contains(forbidden), "{forbidden}");
        }
    }
}
