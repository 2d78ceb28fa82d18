//! Why a message got no answer, told apart by what a person does about it.

/// Why a message got no answer. Nothing is lost: it is sent again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// The address is no address.
    #[error("адреса центру має вигляд https://назва:порт / the hub's address looks like https://name:port")]
    Address,
    /// Nobody answers there: no network, no name, or silence.
    #[error("немає зв’язку з центром / no connection to the centre")]
    Unreachable,
    /// The machine answers that nobody listens, or hangs up at once: the hub is being started again, or stands still.
    #[error(
        "немає зв’язку з центром: вузол обміну зараз не приймає з’єднань, мабуть, його перезапускають; спробуйте за хвилину / no connection to the centre: the hub takes no connections now, it is probably being restarted; try again in a minute"
    )]
    Away,
    /// Somebody answers who is not our centre: a name that resolves to somebody else, another server.
    #[error(
        "за адресою центру відповідає хтось інший: це мережа готелю чи кафе або інший сервер; нічого не надіслано, спробуйте через іншу мережу / somebody else answers at the centre's address: a hotel's network or another server; nothing was sent, try another network"
    )]
    NotOurs,
    /// The network answered in the centre's place, in clear: its page wants to be seen first.
    #[error(
        "мережа спершу хоче показати свою сторінку (HTTP {0}): відкрийте браузер, зайдіть на будь-який сайт, увійдіть або погодьтеся і повторіть обмін; центру нічого не надіслано / the network wants to show a page of its own first (HTTP {0}): open a browser, go to any site, sign in or agree, and try again; nothing was sent"
    )]
    Portal(u16),
    /// A proxy on the way wants a name and a passphrase.
    #[error(
        "мережа випускає лише через проксі з паролем (HTTP 407): попросіть того, хто веде мережу, пропускати з’єднання до центру напряму, або візьміть інший інтернет / this network lets traffic out through a proxy with a password only (HTTP 407): ask its administrator to let connections to the centre pass, or use another network"
    )]
    ProxyPassword,
    /// A proxy on the way or in front of the hub does not reach it.
    #[error(
        "посередник перед центром відповідає, а сам вузол обміну — ні (HTTP {0}): валіза спробує ще; якщо так довше пів години, зателефонуйте до центру / a proxy in front of the centre answers and the hub does not (HTTP {0}): it is tried again; call the centre if this lasts half an hour"
    )]
    Proxy(u16),
    /// The connection broke while a message was under way.
    #[error("зв’язок перервано під час передачі; буде надіслано ще раз / the connection broke; will be sent again")]
    Cut,
    /// Nothing moved any more: half-open, or a middle that swallows what is said.
    #[error(
        "зв’язок завмер посеред передачі; буде надіслано ще раз / the connection went silent in the middle; will be sent again"
    )]
    Silent,
    /// The other side reads no messages of this program's version.
    #[error(
        "вузол обміну має старішу версію, ніж ця програма: його треба оновити, скажіть про це центру; записи лишилися тут / the hub is of an older version than this program and has to be updated: tell the centre; your records are here"
    )]
    Older,
    /// The hub said no, in its own words.
    #[error("центр відповів {0}: {1} / the centre answered {0}")]
    Status(u16, String),
}

/// The status of a hub or a carrier that reads no messages of this version.
const OLDER: u16 = 501;

impl LinkError {
    /// Of what was answered in clear where TLS was expected, if it is HTTP.
    pub(super) fn in_clear(first: &[u8]) -> Option<Self> {
        let rest = first.strip_prefix(b"HTTP/1.")?.get(1..)?.strip_prefix(b" ")?;
        let code: u16 = std::str::from_utf8(rest.get(..3)?).ok()?.parse().ok()?;
        Some(match code {
            407 => Self::ProxyPassword,
            511 => Self::Portal(code),
            400.. => Self::Proxy(code),
            _ => Self::Portal(code),
        })
    }

    /// Of an answer inside TLS that is not 200. The hub speaks plain text; whatever else speaks is in front of it.
    pub(super) fn of_status(code: u16, is_text: bool, body: &[u8]) -> Self {
        let words = String::from_utf8_lossy(body);
        let words = words.trim();
        if is_text && code == OLDER && !words.starts_with('<') {
            return Self::Older;
        }
        if is_text && !words.is_empty() && !words.starts_with('<') {
            return Self::Status(code, words.chars().take(300).collect());
        }
        match code {
            407 => Self::ProxyPassword,
            511 | 200..=399 => Self::Portal(code),
            _ => Self::Proxy(code),
        }
    }

    /// It may be over in seconds: the hub is rolled over to a new version, or too many ask at once.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Away | Self::Status(429 | 503, _) | Self::Proxy(502..=504))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_network_answers_in_clear_is_told_apart() {
        let said = |line: &str| LinkError::in_clear(line.as_bytes());
        assert_eq!(said("HTTP/1.1 302 Found"), Some(LinkError::Portal(302)));
        assert_eq!(said("HTTP/1.0 200 OK"), Some(LinkError::Portal(200)));
        assert_eq!(said("HTTP/1.1 511 Net"), Some(LinkError::Portal(511)));
        assert_eq!(said("HTTP/1.1 407 Pro"), Some(LinkError::ProxyPassword));
        assert_eq!(said("HTTP/1.1 502 Bad"), Some(LinkError::Proxy(502)));
        for other in ["", "HTTP/1.1 ", "HTTP/1.1 xx", "SSH-2.0-OpenSSH", "\u{15}\u{3}\u{1}"] {
            assert_eq!(said(other), None, "{other:?}");
        }
    }

    #[test]
    fn a_page_in_html_is_nobody_s_words() {
        let html = b"<html><h1>502 Bad Gateway</h1></html>";
        assert_eq!(LinkError::of_status(502, false, html), LinkError::Proxy(502));
        assert_eq!(LinkError::of_status(502, true, html), LinkError::Proxy(502));
        assert_eq!(LinkError::of_status(302, false, b""), LinkError::Portal(302));
        let busy = LinkError::of_status(503, true, "сервер зайнятий / busy".as_bytes());
        assert!(busy.is_passing() && matches!(&busy, LinkError::Status(503, words) if words.contains("зайнятий")));
        assert_eq!(LinkError::of_status(501, true, "старіша / older".as_bytes()), LinkError::Older);
        assert_eq!(LinkError::of_status(501, false, html), LinkError::Proxy(501), "a proxy's own");
        assert_eq!(LinkError::of_status(501, true, html), LinkError::Proxy(501));
        let shown = [LinkError::Proxy(502), LinkError::Portal(302), LinkError::ProxyPassword, LinkError::Away];
        for shown in shown.into_iter().chain([LinkError::Older]) {
            let (uk, en) = shown.to_string().split_once(" / ").map(|(uk, en)| (uk.to_owned(), en.to_owned())).unwrap();
            assert!(!uk.contains('<') && uk.len() > 60 && en.len() > 60, "{shown}");
        }
    }
}
