//! An event: one scalar under `e/<id>`, added and never changed.
//!
//! Text `t|code|prev|by|about|reason`: device time in milliseconds, what happened, the id of the event its author saw
//! last (empty for the first), the officer's login, what it is about (a key, a number, another event), and why.
//! `\`, `|` and line breaks inside a part are written `\\`, `\p` and `\n`.

/// One event as its author wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The author's device time, milliseconds since 1970.
    pub at: i64,
    /// What happened; codes are listed in [`crate::state`]. A code of a newer version is kept and shown.
    pub code: String,
    /// The id of the state event its author saw last; empty for the first.
    pub prev: String,
    /// Login of the officer or clerk.
    pub by: String,
    /// What it is about: a field's key, a number, the id of another event. May be empty.
    pub about: String,
    /// Reason or ground in words. May be empty.
    pub reason: String,
}

impl Event {
    /// The scalar's text.
    pub fn encode(&self) -> String {
        let [code, prev, by, about, reason] =
            [&self.code, &self.prev, &self.by, &self.about, &self.reason].map(|part| escape(part));
        format!("{}|{code}|{prev}|{by}|{about}|{reason}", self.at)
    }

    /// Read the scalar's text; `None` if it has another form.
    pub fn decode(text: &str) -> Option<Self> {
        let mut parts = split(text).into_iter();
        let at = parts.next()?.parse().ok()?;
        let (code, prev, by, about, reason) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        parts.next().is_none().then_some(Self { at, code, prev, by, about, reason })
    }
}

/// Make a text fit between two bars.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '|' => out.push_str("\\p"),
            '\n' => out.push_str("\\n"),
            '\r' => {}
            other => out.push(other),
        }
    }
    out
}

/// Split at the bars and undo the escapes.
pub fn split(text: &str) -> Vec<String> {
    text.split('|').map(unescape).collect()
}

fn unescape(part: &str) -> String {
    let mut out = String::with_capacity(part.len());
    let mut chars = part.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('p') => out.push('|'),
                Some('n') => out.push('\n'),
                Some('\r') => {}
                Some(other) => out.push(other),
                None => out.push('\\'),
            },
            // Nobody writes one; where somebody did, it is not read either, and the event has one spelling.
            ('\r', _) => {}
            (other, false) => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_form_is_the_documented_one() {
        let event = Event {
            at: 1_763_800_000_000,
            code: "refused".into(),
            prev: "0abc".into(),
            by: "o.koval".into(),
            about: String::new(),
            reason: "немає підпису | аркуш 2".into(),
        };
        assert_eq!(event.encode(), "1763800000000|refused|0abc|o.koval||немає підпису \\p аркуш 2");
        assert_eq!(Event::decode(&event.encode()), Some(event));
        assert_eq!(Event::decode("yesterday|refused||||"), None);
        assert_eq!(Event::decode("1|refused|||"), None);
        assert_eq!(Event::decode("1|refused|||||"), None);
    }

    #[test]
    fn a_carriage_return_is_neither_written_nor_read() {
        let read = Event::decode("1|refused||o.\rkoval||").unwrap();
        assert_eq!(read.by, "o.koval");
        assert_eq!(Event::decode(&read.encode()), Some(read));
        let behind_a_stroke = Event::decode("1|refused||o.koval||\\\r\\n").unwrap();
        assert_eq!(behind_a_stroke.reason, "\n");
        assert_eq!(Event::decode(&behind_a_stroke.encode()), Some(behind_a_stroke));
    }

    proptest! {
        #[test]
        fn any_text_without_carriage_returns_reads_back(reason in "[^\r]{0,60}", by in "[^\r]{0,20}") {
            let event = Event { at: -1, code: "note".into(), prev: String::new(), by, about: "a.last".into(), reason };
            prop_assert_eq!(Event::decode(&event.encode()), Some(event));
        }
    }
}
