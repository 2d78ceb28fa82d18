//! Writes the page that checks papers, for an invented centre, and texts to try, into a folder:
//! `cargo run -p papers --example verifier -- FOLDER`.

mod scene;

use std::path::Path;
use std::{fs, io};

fn main() -> io::Result<()> {
    #[expect(clippy::disallowed_methods, reason = "this is main")]
    let folder = std::env::args().nth(1);
    let Some(folder) = folder else {
        return Err(io::Error::other("verifier FOLDER"));
    };
    let folder = Path::new(&folder);
    fs::create_dir_all(folder)?;
    let scene = scene::scene();
    let files = [
        ("verify.html", scene.page),
        ("foreign.html", scene.foreign),
        ("genuine.txt", scene.genuine),
        ("by-centre.txt", scene.by_centre),
        ("altered.txt", scene.altered),
        ("stranger.txt", scene.stranger),
        ("expired.txt", scene.expired),
        ("revoked.txt", scene.revoked),
    ];
    files.into_iter().try_for_each(|(name, text)| fs::write(folder.join(name), text))
}
