//! Whether there is a way out: from which of its addresses this machine would reach a hub. Asking sends nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::Duration;

/// For documentation only (RFC 5737, RFC 3849): the way to nobody in particular is the way to the rest of the world.
const ELSEWHERE: [IpAddr; 2] =
    [IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1))];
/// The port «discard».
const DISCARD: u16 = 9;

/// The own addresses from which an answerer would be reached; empty: there is no way to it.
pub type Outlook = Vec<IpAddr>;

/// The outlook towards `https://host:port`. A name is not looked up, since that would send: what counts for it is the
/// way to the rest of the world.
pub fn outlook(address: &str) -> Outlook {
    let host = address.parse::<hyper::Uri>().ok().and_then(|uri| uri.host().map(str::to_owned)).unwrap_or_default();
    match host.trim_matches(['[', ']']).parse() {
        Ok(ip) => from(ip).into_iter().collect(),
        Err(_) => ELSEWHERE.into_iter().filter_map(from).collect(),
    }
}

/// The system's choice of an own address. A datagram socket that is connected has sent nothing.
fn from(to: IpAddr) -> Option<IpAddr> {
    let any: IpAddr = if to.is_ipv6() { Ipv6Addr::UNSPECIFIED.into() } else { Ipv4Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind(SocketAddr::new(any, 0)).ok()?;
    socket.connect(SocketAddr::new(to, DISCARD)).ok()?;
    socket.local_addr().ok().map(|own| own.ip()).filter(|own| !own.is_unspecified())
}

/// Waits until there is a way out that was not there before: a network returned, or another one came. Looks `every` so
/// often.
pub async fn another_way_out(every: Duration, outlook: impl Fn() -> Outlook) {
    let mut before = outlook();
    loop {
        tokio::time::sleep(every).await;
        let now = outlook();
        if now.iter().any(|way| !before.contains(way)) {
            return;
        }
        before = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    #[test]
    fn the_way_to_oneself_is_always_there_and_no_address_is_none() {
        assert_eq!(outlook("https://127.0.0.1:8443"), [IpAddr::V4(Ipv4Addr::LOCALHOST)]);
        assert_eq!(outlook("https://[::1]:8443"), [IpAddr::V6(Ipv6Addr::LOCALHOST)]);
        let elsewhere: Vec<_> = ELSEWHERE.into_iter().filter_map(from).collect();
        assert_eq!(outlook("https://centre.example"), elsewhere);
        assert_eq!(outlook("not an address"), elsewhere);
    }

    #[tokio::test]
    async fn a_network_that_returns_or_another_one_is_noticed_and_one_that_goes_is_not() {
        let [wifi, modem] = [1, 2].map(|last| IpAddr::V4(Ipv4Addr::new(10, 0, 0, last)));
        for (seen, looks) in [
            (vec![vec![], vec![], vec![wifi]], 3),
            (vec![vec![wifi], vec![wifi, modem]], 2),
            (vec![vec![wifi], vec![modem]], 2),
            (vec![vec![wifi, modem], vec![wifi], vec![], vec![], vec![modem]], 5),
        ] {
            let asked = Mutex::new(0);
            let look = || {
                let mut asked = asked.lock().unwrap();
                *asked += 1;
                seen[*asked - 1].clone()
            };
            another_way_out(Duration::from_millis(1), look).await;
            assert_eq!(*asked.lock().unwrap(), looks, "{seen:?}");
        }
    }
}
