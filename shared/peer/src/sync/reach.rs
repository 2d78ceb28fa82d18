//! Reaches a host by whichever of its addresses works. A name may have an IPv6 address that leads nowhere beside an IPv4
//! address that works, and the other way round: they are tried in turn, each a moment after the last, and the first that
//! answers is taken (RFC 8305).

use std::io::{Error, ErrorKind, Result};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;

/// After so long the next address is tried beside those that have not answered.
const NEXT: Duration = Duration::from_millis(250);
/// Most addresses that are tried.
const MOST: usize = 8;
/// What the system may hold of bytes that are not on the wire yet. A small store shows how far a message has come, and
/// that nothing moves any more; it is enough for 64 KiB a second at a second's delay.
const UNSENT: u32 = 64 * 1024;

/// Connects to the first address that answers; the error is the last one's.
pub async fn connect(addresses: Vec<SocketAddr>) -> Result<TcpStream> {
    let mut waiting = in_turn(addresses).into_iter();
    let mut tried = JoinSet::new();
    let mut last = Error::from(ErrorKind::NotFound);
    loop {
        let next = waiting.next();
        let is_last = next.is_none();
        if let Some(address) = next {
            tried.spawn(to(address));
        }
        let answered = tokio::select! {
            answered = tried.join_next() => answered,
            () = tokio::time::sleep(NEXT), if !is_last => continue,
        };
        match answered {
            Some(Ok(Ok(stream))) => return Ok(stream),
            // A machine that says no is news; one that cannot be reached at all is not, beside it.
            Some(Ok(Err(error))) if last.kind() != ErrorKind::ConnectionRefused => last = error,
            Some(_) => {}
            None if is_last => return Err(last),
            None => {}
        }
    }
}

async fn to(address: SocketAddr) -> Result<TcpStream> {
    let socket = if address.is_ipv6() { TcpSocket::new_v6()? } else { TcpSocket::new_v4()? };
    socket.set_send_buffer_size(UNSENT)?;
    let stream = socket.connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// IPv6 and IPv4 by turns, beginning with the kind that the system put first.
fn in_turn(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let first_is_v6 = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (first, second): (Vec<_>, Vec<_>) = addresses.into_iter().partition(|address| address.is_ipv6() == first_is_v6);
    let mut turns = Vec::new();
    let (mut first, mut second) = (first.into_iter(), second.into_iter());
    loop {
        let pair = [first.next(), second.next()];
        if pair.iter().all(Option::is_none) {
            break;
        }
        turns.extend(pair.into_iter().flatten());
    }
    turns.truncate(MOST);
    turns
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    fn at(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    #[test]
    fn kinds_take_turns_and_there_is_an_end() {
        let found = in_turn(vec![at("[::1]:1"), at("[::2]:1"), at("[::3]:1"), at("1.1.1.1:1"), at("2.2.2.2:1")]);
        let expected = [at("[::1]:1"), at("1.1.1.1:1"), at("[::2]:1"), at("2.2.2.2:1"), at("[::3]:1")];
        assert_eq!(found, expected);
        assert_eq!(in_turn((1..100).map(|port| SocketAddr::from(([127, 0, 0, 1], port))).collect()).len(), MOST);
        assert!(in_turn(Vec::new()).is_empty());
    }

    /// A listener whose queue is full: connecting to it hangs as to a machine that is not there.
    async fn dead(address: &str) -> (SocketAddr, tokio::net::TcpListener, Vec<tokio::task::JoinHandle<()>>) {
        let address = at(address);
        let socket = if address.is_ipv6() { TcpSocket::new_v6() } else { TcpSocket::new_v4() }.unwrap();
        socket.bind(address).unwrap();
        let listener = socket.listen(1).unwrap();
        let address = listener.local_addr().unwrap();
        let fill = || {
            tokio::spawn(async move {
                let _kept = TcpStream::connect(address).await;
                std::future::pending::<()>().await;
            })
        };
        let fillers = (0..4).map(|_| fill()).collect();
        tokio::time::sleep(Duration::from_millis(200)).await;
        (address, listener, fillers)
    }

    #[tokio::test]
    async fn a_dead_address_of_either_kind_costs_a_moment_and_no_more() {
        let live = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (v6, _held, fillers) = dead("[::1]:0").await;
        let hangs = tokio::time::timeout(Duration::from_millis(600), TcpStream::connect(v6)).await;
        assert!(hangs.is_err(), "the address is not dead: the test proves nothing");
        let begun = tokio::time::Instant::now();
        let stream = connect(vec![v6, live.local_addr().unwrap()]).await.unwrap();
        assert_eq!(stream.peer_addr().unwrap(), live.local_addr().unwrap());
        assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
        let live = TcpListener::bind("[::1]:0").await.unwrap();
        let stream = connect(vec![at("127.0.0.1:9"), live.local_addr().unwrap()]).await.unwrap();
        assert!(stream.peer_addr().unwrap().is_ipv6(), "IPv6 only works, too");
        fillers.iter().for_each(tokio::task::JoinHandle::abort);
    }

    #[tokio::test]
    async fn nobody_anywhere_is_an_error() {
        let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let error = connect(vec![closed]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
        assert!(connect(Vec::new()).await.is_err());
    }
}
