//! Writes a page of every kind, with invented data, into a folder, to be looked at in a browser:
//! `cargo run -p pages --example gallery -- FOLDER`.

mod samples;

use std::path::Path;
use std::{fs, io};

fn main() -> io::Result<()> {
    #[expect(clippy::disallowed_methods, reason = "this is main")]
    let folder = std::env::args().nth(1);
    let Some(folder) = folder else {
        return Err(io::Error::other("gallery FOLDER"));
    };
    let folder = Path::new(&folder);
    fs::create_dir_all(folder.join("assets"))?;
    for asset in pages::assets::ALL {
        fs::write(folder.join("assets").join(asset.name), asset.bytes)?;
    }
    for (name, html) in samples::all() {
        // Opened from the folder, the files lie beside the page.
        let address = pages::assets::url("");
        fs::write(folder.join(format!("{name}.html")), html.replace(&address, "assets/"))?;
    }
    Ok(())
}
