//! What came out of the printer.

use std::process::Command;

/// A printed document.
pub struct Paper {
    /// Its text in reading order, with single spaces.
    pub text: String,
    /// Pages.
    pub pages: usize,
    /// Size of a page as `pdfinfo` says it.
    pub size: String,
    /// What `pdffonts` says of its fonts, a line each.
    pub fonts: Vec<String>,
}

/// Reads a PDF with poppler's tools.
pub fn read(pdf: &[u8]) -> Paper {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join("paper.pdf");
    std::fs::write(&path, pdf).expect("a file");
    let run = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output();
        let output = output.unwrap_or_else(|error| panic!("{program} (Debian: poppler-utils): {error}"));
        assert!(output.status.success(), "{program}: {output:?}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let path = path.to_str().expect("a path in UTF-8");
    let facts = run("pdfinfo", &[path]);
    let fact = |name: &str| {
        let line = facts.lines().find_map(|line| line.strip_prefix(name));
        line.map(|value| value.trim().to_owned()).unwrap_or_default()
    };
    let text = run("pdftotext", &[path, "-"]);
    let words: Vec<&str> = text.split_whitespace().collect();
    let fonts = run("pdffonts", &[path]).lines().skip(2).map(str::to_owned).collect();
    Paper { fonts, text: words.join(" "), pages: fact("Pages:").parse().expect("a count"), size: fact("Page size:") }
}
