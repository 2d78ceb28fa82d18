//! Addresses of pages: reading and changing the query of a path, so that filters, sorting and language live there.

/// `path` (with or without a query) with `name` set to `value`; all else stays as it is and in its order.
///
/// ```
/// assert_eq!(pages::address::with("/queue?state=new&page=3", "page", "4"), "/queue?state=new&page=4");
/// ```
pub fn with(path: &str, name: &str, value: &str) -> String {
    let mut result = without(path, name);
    result.push(if result.contains('?') { '&' } else { '?' });
    result.push_str(&encode(name));
    result.push('=');
    result.push_str(&encode(value));
    result
}

/// `path` with every `name` gone from its query.
pub fn without(path: &str, name: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.is_empty() && decode(pair.split('=').next().unwrap_or("")) != name)
        .collect();
    if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) }
}

/// The first value of `name` in a query (the part after `?`), decoded.
pub fn value(query: &str, name: &str) -> Option<String> {
    let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.into_iter().find(|(key, _)| decode(key) == name).map(|(_, value)| decode(value))
}

/// A text as it stands in a query: UTF-8 bytes, all but unreserved characters percent-encoded.
pub fn encode(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => result.push(byte as char),
            _ => result.push_str(&format!("%{byte:02X}")),
        }
    }
    result
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut result = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = bytes.get(at + 1..at + 3).and_then(hex_byte);
        match (bytes[at], escaped) {
            (b'%', Some(byte)) => {
                result.push(byte);
                at += 2;
            }
            (b'+', _) => result.push(b' '),
            (byte, _) => result.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&result).into_owned()
}

fn hex_byte(digits: &[u8]) -> Option<u8> {
    let high = (*digits.first()? as char).to_digit(16)?;
    let low = (*digits.get(1)? as char).to_digit(16)?;
    u8::try_from(high * 16 + low).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_replaces_and_keeps_order() {
        assert_eq!(with("/queue", "page", "2"), "/queue?page=2");
        assert_eq!(with("/queue?page=1&state=new", "page", "2"), "/queue?state=new&page=2");
        assert_eq!(with("/search", "q", "Гук & син"), "/search?q=%D0%93%D1%83%D0%BA%20%26%20%D1%81%D0%B8%D0%BD");
        assert_eq!(without("/queue?page=1", "page"), "/queue");
    }

    #[test]
    fn what_is_encoded_decodes() {
        for text in ["Гиряві Ісківці", "a+b=c&d", "50%", "%zz", "", "%"] {
            assert_eq!(value(&format!("x=1&q={}", encode(text)), "q").as_deref(), Some(text));
        }
        assert_eq!(value("q=%", "q").as_deref(), Some("%"));
        assert_eq!(value("q=a+b", "q").as_deref(), Some("a b"));
        assert_eq!(value("p=1", "q"), None);
    }
}
