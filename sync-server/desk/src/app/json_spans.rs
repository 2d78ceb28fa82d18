//! Values inside a JSON text, by where they stand: one is replaced and every other byte stays as it was written, so
//! that a release in which one fee changed differs from the one before by that fee alone.

use serde_json::Value;
use std::ops::Range;

/// One step from a value to a value inside it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<'a> {
    /// The member of an object.
    Key(&'a str),
    /// The element of an array, from 0.
    At(usize),
    /// The element of an array of objects whose member says this.
    Where(&'a str, &'a str),
}

/// The value at a path, read; `None` if there is none or the text is no JSON.
pub(super) fn get(text: &str, path: &[Step<'_>]) -> Option<Value> {
    serde_json::from_str(text.get(find(text, path)?)?).ok()
}

/// The text with another value at the path. A member that is missing is added at the end of its object. `None` if there
/// is nothing to put it into.
pub(super) fn put(text: &str, path: &[Step<'_>], value: &Value) -> Option<String> {
    if let Some(span) = find(text, path) {
        let written = written(value, indent_at(text, span.start));
        return Some([&text[..span.start], &written, &text[span.end..]].concat());
    }
    let (Step::Key(key), around) = path.split_last()? else { return None };
    let object = find(text, around)?;
    let inside = text[object.clone()].strip_prefix('{')?.strip_suffix('}')?;
    let indent = indent_at(text, object.start) + 2;
    let member = format!("\n{:indent$}{}: {}", "", Value::from(*key), written(value, indent));
    let (comma, end) =
        if inside.trim().is_empty() { ("", object.start + 1) } else { (",", end_of_last(text, &object)) };
    Some([&text[..end], comma, &member, &text[end..]].concat())
}

/// The text with one more element at the end of the array at the path. `None` if there is no array.
pub(super) fn push(text: &str, path: &[Step<'_>], value: &Value) -> Option<String> {
    let array = find(text, path)?;
    let inside = text[array.clone()].strip_prefix('[')?.strip_suffix(']')?;
    let indent = indent_at(text, array.start) + 2;
    let element = format!("\n{:indent$}{}", "", written(value, indent));
    let (comma, end) = if inside.trim().is_empty() { ("", array.start + 1) } else { (",", end_of_last(text, &array)) };
    Some([&text[..end], comma, &element, &text[end..]].concat())
}

/// The text without a member of an object; the same text if it has none.
pub(super) fn remove(text: &str, object: &[Step<'_>], key: &str) -> Option<String> {
    let path: Vec<Step<'_>> = object.iter().copied().chain([Step::Key(key)]).collect();
    if find(text, &path).is_none() {
        return Some(text.to_owned());
    }
    let mut value = get(text, object)?;
    value.as_object_mut()?.shift_remove(key);
    put(text, object, &value)
}

fn end_of_last(text: &str, object: &Range<usize>) -> usize {
    object.start + text[object.start..object.end - 1].trim_end().len()
}

/// Spaces before the line on which a place stands.
fn indent_at(text: &str, place: usize) -> usize {
    let line = text[..place].rfind('\n').map_or(0, |end| end + 1);
    text[line..].bytes().take_while(|byte| *byte == b' ').count()
}

/// On one line where it is short, else a member a line.
fn written(value: &Value, indent: usize) -> String {
    let pretty = serde_json::to_string_pretty(value).unwrap_or_default();
    let joined: Vec<&str> = pretty.lines().map(str::trim_start).collect();
    let one_line = joined.join(" ").replace("{ ", "{").replace(" }", "}").replace("[ ", "[").replace(" ]", "]");
    // Spaces inside strings are the data's own: where joining touched one, the long form is taken.
    if one_line.chars().count() <= 120 && serde_json::from_str::<Value>(&one_line).is_ok_and(|read| read == *value) {
        return one_line;
    }
    let pad = format!("\n{:indent$}", "");
    pretty.lines().collect::<Vec<_>>().join(&pad)
}

/// Where the value at a path stands.
fn find(text: &str, path: &[Step<'_>]) -> Option<Range<usize>> {
    let mut scan = Scan { bytes: text.as_bytes(), at: 0 };
    for step in path {
        scan.space();
        match step {
            Step::Key(key) => scan.enter_member(key)?,
            Step::At(index) => scan.enter_element(|_, at| at == *index)?,
            Step::Where(key, says) => scan.enter_element(|element, _| {
                let mut inner = *element;
                let found = inner.enter_member(key).and_then(|()| inner.value());
                found.is_some_and(|span| text.get(span.start + 1..span.end.saturating_sub(1)) == Some(*says))
            })?,
        }
    }
    scan.value()
}

/// Reads over JSON without making anything of it.
#[derive(Clone, Copy)]
struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scan<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        self.space();
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// To the value of a member; the scan stands before the object.
    fn enter_member(&mut self, key: &str) -> Option<()> {
        self.take(b'{')?;
        loop {
            self.space();
            let name = self.string()?;
            self.take(b':')?;
            self.space();
            if self.bytes.get(name.start + 1..name.end - 1) == Some(key.as_bytes()) {
                return Some(());
            }
            self.value()?;
            self.take(b',')?;
        }
    }

    /// To the first element that is wanted; the scan stands before the array.
    fn enter_element(&mut self, wanted: impl Fn(&Self, usize) -> bool) -> Option<()> {
        self.take(b'[')?;
        for at in 0.. {
            self.space();
            if self.peek()? == b']' {
                return None;
            }
            if wanted(self, at) {
                return Some(());
            }
            self.value()?;
            self.take(b',')?;
        }
        None
    }

    fn string(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        if self.peek()? != b'"' {
            return None;
        }
        self.at += 1;
        loop {
            match self.peek()? {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        Some(start..self.at)
    }

    /// Over one value.
    fn value(&mut self) -> Option<Range<usize>> {
        self.space();
        let start = self.at;
        let mut depth = 0_usize;
        loop {
            match self.peek()? {
                b'"' => {
                    self.string()?;
                }
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    depth = depth.checked_sub(1)?;
                    self.at += 1;
                }
                b',' | b':' if depth == 0 => return None,
                _ if depth == 0 => {
                    let ends = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b',' | b'}' | b']');
                    while self.peek().is_some_and(|byte| !ends(byte)) {
                        self.at += 1;
                    }
                }
                _ => self.at += 1,
            }
            if depth == 0 {
                return Some(start..self.at);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const TEXT: &str = r#"{
  "services": [
    {"slug": "a", "fee": {"kind": "free"}},
    {
      "slug": "b",
      "name": {"uk": "[ дужки ] і \"лапки\", {", "en": "b"},
      "fee": {"kind": "charged", "usual": {"amount": "10.00"}}
    }
  ]
}
"#;

    fn fee(slug: &str) -> [Step<'_>; 3] {
        [Step::Key("services"), Step::Where("slug", slug), Step::Key("fee")]
    }

    #[test]
    fn one_value_is_replaced_and_nothing_else_is_touched() {
        let new = json!({"kind": "charged", "usual": {"amount": "55.00"}});
        let text = put(TEXT, &fee("b"), &new).unwrap();
        assert_eq!(text, TEXT.replace("10.00", "55.00"));
        assert_eq!(get(&text, &fee("b")), Some(new));
        assert_eq!(get(&text, &fee("a")), Some(json!({"kind": "free"})));
        assert_eq!(get(TEXT, &[Step::Key("services"), Step::At(1), Step::Key("slug")]), Some(json!("b")));
    }

    #[test]
    fn a_missing_member_is_added_and_a_present_one_taken_away() {
        let note = [Step::Key("services"), Step::Where("slug", "b"), Step::Key("note")];
        let with = put(TEXT, &note, &json!({"uk": "[ п ]", "en": "n"})).unwrap();
        assert_eq!(get(&with, &note), Some(json!({"uk": "[ п ]", "en": "n"})));
        assert!(serde_json::from_str::<Value>(&with).is_ok(), "{with}");
        let without = remove(&with, &note[..2], "note").unwrap();
        assert_eq!(get(&without, &note), None);
        assert_eq!(get(&without, &fee("b")), get(TEXT, &fee("b")));
        let one_more = push(TEXT, &[Step::Key("services")], &json!({"slug": "c"})).unwrap();
        assert_eq!(get(&one_more, &[Step::Key("services"), Step::At(2), Step::Key("slug")]), Some(json!("c")));
        assert_eq!(push("[]", &[], &json!(1)).unwrap(), "[\n  1]");
        assert!(push("{}", &[], &json!(1)).is_none());
        assert_eq!(put("{}", &[Step::Key("a")], &json!(1)).unwrap(), "{\n  \"a\": 1}");
    }

    #[test]
    fn what_is_not_there_or_no_json_is_nothing() {
        assert!(get(TEXT, &fee("c")).is_none() && put(TEXT, &fee("c"), &json!(1)).is_none());
        for cut in (0..TEXT.len()).filter(|at| TEXT.is_char_boundary(*at)) {
            let _ = (get(&TEXT[..cut], &fee("b")), put(&TEXT[..cut], &fee("b"), &json!(1)));
        }
        for odd in ["", "]", "{\"a\"", "{\"a\":}", "\"", "{\"a\\", "[1,,2]"] {
            assert!(get(odd, &fee("b")).is_none() && put(odd, &fee("b"), &json!(1)).is_none(), "{odd}");
        }
    }
}
