//! Finding words in any bytes, in every spelling that a text can take.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

/// One spelling of one word.
struct Needle {
    bytes: Vec<u8>,
    word: usize,
    spelling: &'static str,
}

/// A search for all of some words at once.
pub struct Search {
    words: Vec<String>,
    needles: Vec<Needle>,
    /// Whether any needle begins with these two bytes.
    begins: Vec<bool>,
    by_four: HashMap<[u8; 4], Vec<usize>>,
}

/// What was found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Word and spelling.
    pub hits: BTreeSet<(String, &'static str)>,
    /// Bytes looked at.
    pub bytes: u64,
}

impl Found {
    /// Joins another search's result.
    pub fn and(mut self, other: Self) -> Self {
        self.hits.extend(other.hits);
        self.bytes += other.bytes;
        self
    }

    /// The words, in whatever spelling.
    pub fn words(&self) -> BTreeSet<&str> {
        self.hits.iter().map(|(word, _)| word.as_str()).collect()
    }

    /// Nothing was found, and something was looked at.
    #[track_caller]
    pub fn none_in(&self, what: &str) {
        assert!(self.bytes > 0, "{what}: there was nothing to look at");
        assert!(self.hits.is_empty(), "{what} holds {:?}", self.hits);
        println!("{what}: {} bytes, 0 hits", self.bytes);
    }
}

impl Search {
    /// For these words.
    pub fn new(words: &[String]) -> Self {
        let mut search =
            Self { words: words.to_vec(), needles: Vec::new(), begins: vec![false; 65_536], by_four: HashMap::new() };
        for (word, text) in words.iter().enumerate() {
            for (spelling, bytes) in spellings(text) {
                search.begins[usize::from(u16::from_be_bytes([bytes[0], bytes[1]]))] = true;
                let four = [bytes[0], bytes[1], bytes[2], bytes[3]];
                search.by_four.entry(four).or_default().push(search.needles.len());
                search.needles.push(Needle { bytes, word, spelling });
            }
        }
        search
    }

    /// In these bytes.
    pub fn bytes(&self, bytes: &[u8]) -> Found {
        let mut found = Found { bytes: bytes.len() as u64, ..Found::default() };
        for (at, four) in bytes.windows(4).enumerate() {
            if !self.begins[usize::from(four[0]) << 8 | usize::from(four[1])] {
                continue;
            }
            let Some(places) = self.by_four.get(four) else { continue };
            for needle in places.iter().map(|place| &self.needles[*place]) {
                if bytes[at..].starts_with(&needle.bytes) {
                    found.hits.insert((self.words[needle.word].clone(), needle.spelling));
                }
            }
        }
        found
    }

    /// In every file below a folder, and in the files' names.
    pub fn folder(&self, folder: &Path) -> Found {
        let mut found = Found::default();
        for path in files(folder) {
            found = found.and(self.bytes(path.as_os_str().as_encoded_bytes()));
            found = found.and(self.bytes(&std::fs::read(&path).unwrap_or_default()));
        }
        found
    }
}

/// All files below a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
            let kind = entry.file_type().expect("a kind");
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                all.push(entry.path());
            }
        }
    }
    all
}

fn spellings(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let utf8 = text.as_bytes();
    let cp1251: Vec<u8> = text.chars().map(to_cp1251).collect();
    let mut all = vec![
        ("UTF-8", utf8.to_vec()),
        ("UTF-8 in capitals", text.to_uppercase().into_bytes()),
        ("UTF-8 in small letters", text.to_lowercase().into_bytes()),
        ("UTF-8 backwards", text.chars().rev().collect::<String>().into_bytes()),
        ("UTF-16LE", text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("UTF-16BE", text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        ("CP1251", cp1251.clone()),
        ("JSON escapes", text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect::<String>().into_bytes()),
        ("percent signs", utf8.iter().map(|byte| format!("%{byte:02X}")).collect::<String>().into_bytes()),
    ];
    for (small, capital, bytes) in
        [("hex", "hex in capitals", utf8), ("hex of CP1251", "hex of CP1251 in capitals", &cp1251)]
    {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        all.push((capital, hex.to_uppercase().into_bytes()));
        all.push((small, hex.into_bytes()));
    }
    // A word can stand at any place of what was turned into base64: three spellings of its middle.
    for (spelling, skipped) in [("base64", 0), ("base64, one on", 1), ("base64, two on", 2)] {
        let shifted = [&vec![0; skipped][..], utf8].concat();
        let whole = shifted.len() / 3 * 3;
        let from = if skipped == 0 { 0 } else { 4 };
        all.push((spelling, base64(&shifted[..whole])[from..].to_vec()));
    }
    all
}

/// Cyrillic of Windows; what it does not have is a question mark.
fn to_cp1251(letter: char) -> u8 {
    match letter {
        '\0'..='\x7f' => letter as u8,
        'А'..='я' => (letter as u32 - 'А' as u32 + 0xc0) as u8,
        'Є' => 0xaa,
        'є' => 0xba,
        'І' => 0xb2,
        'і' => 0xb3,
        'Ї' => 0xaf,
        'ї' => 0xbf,
        'Ґ' => 0xa5,
        'ґ' => 0xb4,
        _ => b'?',
    }
}

/// Of whole groups of three bytes.
fn base64(bytes: &[u8]) -> Vec<u8> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |three: &[u8]| {
        let number = u32::from(three[0]) << 16 | u32::from(three[1]) << 8 | u32::from(three[2]);
        [18, 12, 6, 0].map(|shift| LETTERS[(number >> shift & 63) as usize])
    };
    bytes.chunks_exact(3).flat_map(group).collect()
}

#[test]
fn every_spelling_is_found_wherever_it_stands() {
    let words = crate::canaries::all();
    let search = Search::new(&words);
    for word in &words {
        for (spelling, bytes) in spellings(word) {
            let haystack = [&[0x55; 1001][..], &bytes, &[0xd0; 77]].concat();
            let found = search.bytes(&haystack);
            assert!(found.hits.iter().any(|(w, _)| w == word), "{word} as {spelling}: {found:?}");
        }
    }
    assert!(search.bytes(&[0xd0; 10_000]).hits.is_empty());
}

#[test]
fn base64_and_cp1251_are_the_real_ones() {
    assert_eq!(base64(b"Man"), b"TWFu");
    assert_eq!("Їжак ґ Є".chars().map(to_cp1251).collect::<Vec<_>>(), [0xaf, 0xe6, 0xe0, 0xea, 0x20, 0xb4, 0x20, 0xaa]);
    let search = Search::new(&["Їжаковенко".to_owned()]);
    for text in ["  Їжаковенко  ", " Їжаковенко  ", "Їжаковенко    "] {
        let whole = text.len() / 3 * 3;
        assert!(!search.bytes(&base64(&text.as_bytes()[..whole])).hits.is_empty(), "«{text}»");
    }
}
