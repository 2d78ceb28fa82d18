//! What people type, scan, hand in or find in a folder.

use super::cast::{register, suitcase_key};
use catalogue::{Katottg, Search, Settlements};
use chain::Invitation;
use desk::app::backup::Manifest;
use field_agent::web::posted;
use hub::Marker;
use ids::{ChainId, ReceiptNumber};
use papers::{Statement, StatementError, shift_from_text};
use records::Kind;
use sealing::{Login, Passphrase, RecoveryCode};
use signing::{Hash, Label, Root};

/// One line in any field: every check of every field looks at it, numbers are read, searches are made.
pub fn typed(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let text = text.as_ref();
    for kind in Kind::ALL {
        for finding in records::fields::check(kind, &|key| field(key, text), &|_| true, "2026-11-22") {
            assert!(!finding.key.is_empty());
        }
    }
    if let Ok(number) = text.parse::<ReceiptNumber>() {
        assert_eq!(number.to_string().parse(), Ok(number));
    }
    if let Ok(chain) = text.parse::<ChainId>() {
        assert_eq!(chain.to_string().parse(), Ok(chain));
    }
    if let Ok(code) = text.parse::<Katottg>() {
        let _ = Settlements::embedded().by_code(code);
    }
    let short: String = text.chars().take(200).collect();
    let _ = Settlements::embedded().search(Search { text: &short, places_only: true, near: None, limit: 5 });
    let _ = desk::app::typed_day(text);
    let _ = (Login::new(text), Passphrase::new(text), Passphrase::typed(text));
    let _ = evidence::fingerprint(text);
    let _ = records::fields::mend_mixed(text);
}

/// Reasons are empty, or all warnings would be left out.
fn field(key: &str, text: &str) -> String {
    if key.starts_with("w.") { String::new() } else { text.to_owned() }
}

/// What a browser posts: lines of name, `=` and value.
pub fn form(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let pair = |line: &str| line.split_once('=').map(|(name, value)| (name.to_owned(), value.replace('\t', "\n")));
    let pairs: Vec<(String, String)> = text.lines().filter_map(pair).collect();
    let form = posted::form(&pairs);
    let _ = posted::typed(&pairs);
    let _ = posted::correction(&pairs);
    let _ = format!("{form:?}");
    let _ = pages::address::value(&text, "back");
    let address = pages::address::with("/queue", "q", &text);
    assert_eq!(
        pages::address::value(address.split_once('?').map_or("", |(_, q)| q), "q").as_deref(),
        Some(text.as_ref())
    );
}

/// The 24 words of the kit, and the twelve of a recovery code.
pub fn words(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(root) = Root::from_words(&text) {
        let words = root.words().join(" ");
        assert_eq!(Root::from_words(&words).map(|root| root.words()).ok(), Some(root.words()));
    }
    if let Ok(code) = RecoveryCode::from_words(&text) {
        assert_eq!(RecoveryCode::from_words(&code.words().join(" ")).map(|code| code.words()).ok(), Some(code.words()));
    }
}

/// RFC 4648, capitals, no padding.
fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bit = |at: usize| bytes.get(at / 8).map_or(0, |byte| byte >> (7 - at % 8) & 1);
    let letter =
        |group: usize| LETTERS[(0..5).fold(0, |value, i| value << 1 | usize::from(bit(group * 5 + i)))] as char;
    (0..(bytes.len() * 8).div_ceil(5)).map(letter).collect()
}

/// The line as it is, and the bytes as a line with the right check.
pub fn invitation(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(invitation) = Invitation::from_text(&text) {
        let line = invitation.to_text();
        assert_eq!(Invitation::from_text(&line).map(|again| again.to_text()).ok(), Some(line));
    }
    let _ = desk::app::is_invitation(&text);
    let check = Hash::of(Label::Invitation, bytes);
    let line = format!("VALIZA-{}", base32(&[bytes, &check.0[..4]].concat()));
    if let Ok(invitation) = Invitation::from_text(&line) {
        assert_eq!(invitation.to_text(), line);
    }
}

/// The text of a code on paper, and the bytes as a code that the suitcase signed.
pub fn statement(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let _ = (Statement::from_text(&text, register()), shift_from_text(&text));
    let signed = [bytes, &suitcase_key().sign(Label::Statement, bytes).0].concat();
    let hex: String = signed.iter().map(|byte| format!("{byte:02X}")).collect();
    match Statement::from_text(&format!("VALIZA-S-{hex}"), register()) {
        Ok(statement) => assert!(statement.fields() == bytes),
        Err(error) => assert!(error != StatementError::Forged || bytes.get(1..17) != Some(&[0x20; 16][..])),
    }
}

/// The list of a backup's files, with the right sum.
pub fn manifest(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let sum = Hash::of(Label::Backup, text.as_bytes());
    for text in [text.to_string(), format!("{text}sum {sum}\n")] {
        if let Ok(manifest) = Manifest::from_text(&text) {
            for part in &manifest.parts {
                assert!(part.files.iter().all(|file| !file.name.contains('/') && !file.name.starts_with('.')));
            }
            let once = manifest.to_text();
            assert_eq!(Manifest::from_text(&once).map(|again| again.to_text()).ok(), Some(once));
        }
    }
}

/// The hub's mark outside its database.
pub fn marks(bytes: &[u8]) {
    if let Ok(marker) = Marker::from_text(&String::from_utf8_lossy(bytes)) {
        assert_eq!(Marker::from_text(&marker.to_text()), Ok(marker));
    }
}
