//! The end-of-shift statement as text: `VALIZA-E-` and its bytes as hexadecimal in capitals, in a code, a file, a message.

use crate::statement::{from_hex, hex};

const PREFIX: &str = "VALIZA-E-";
/// More is no statement.
const LONGEST: usize = 256 * 1024;

/// The text of these bytes.
pub fn shift_to_text(bytes: &[u8]) -> String {
    format!("{PREFIX}{}", hex(bytes))
}

/// The bytes of the first statement in a text, with whatever stands around it: a whole file may be given.
pub fn shift_from_text(text: &str) -> Option<Vec<u8>> {
    let text = text.get(..text.floor_char_boundary(LONGEST))?;
    let upper = text.to_ascii_uppercase();
    let (_, rest) = upper.split_once(PREFIX)?;
    // Lines may have been broken on the way; what follows after an empty line is something else.
    let rest = rest.split("\n\n").next().unwrap_or_default();
    let digits: String = rest.chars().filter(|c| !c.is_whitespace()).take_while(char::is_ascii_hexdigit).collect();
    from_hex(&digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_found_in_a_file_and_with_broken_lines() {
        let text = shift_to_text(&[1, 0xab, 0xff]);
        assert_eq!(text, "VALIZA-E-01ABFF");
        for around in [text.clone(), format!("Акт кінця зміни\r\n\r\n{text}\r\n"), "valiza-e-01\n ab ff\n\nAB".into()]
        {
            assert_eq!(shift_from_text(&around), Some(vec![1, 0xab, 0xff]), "{around}");
        }
        assert_eq!(shift_from_text("VALIZA-S-01"), None);
        assert_eq!(shift_from_text("VALIZA-E-01A"), None, "half a byte is missing");
        assert_eq!(shift_from_text(""), None);
        assert!(shift_from_text(&"є".repeat(LONGEST)).is_none());
    }
}
