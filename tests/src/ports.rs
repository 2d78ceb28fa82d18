//! Ports for programs that have to be told theirs before they start.

use std::net::{Ipv4Addr, TcpListener};
use std::ops::Range;
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixListener};

/// Below those that Linux gives to whoever connects (32,768 to 60,999): else somebody's connection may sit on the port of a
/// program that has not started yet, or that a test has stopped for a while.
const PORTS: Range<u16> = 12_000..32_000;

/// A loopback port that is free, and kept from every other test until this process ends.
pub fn free_port() -> u16 {
    // Tests that run beside each other begin to look at different places.
    let start = std::process::id() % u32::from(PORTS.end - PORTS.start);
    let start = PORTS.start + u16::try_from(start).expect("less than the number of ports");
    let port = (start..PORTS.end).chain(PORTS.start..start).find(|port| keep(*port) && is_free(*port));
    port.expect("a free port")
}

/// A socket by name alone, which the kernel takes back when the process is gone however it ends.
fn keep(port: u16) -> bool {
    let name = SocketAddr::from_abstract_name(format!("valiza-test-port-{port}")).expect("a short name");
    UnixListener::bind_addr(&name).map(std::mem::forget).is_ok()
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_given_once_and_no_connection_is_given_it() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, free_port())).unwrap();
        let held = listener.local_addr().unwrap().port();
        let others: Vec<u16> = (0..20).map(|_| free_port()).collect();
        assert!(others.iter().all(|port| *port != held && others.iter().filter(|other| *other == port).count() == 1));
        let own = std::fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").unwrap();
        let lowest: u16 = own.split_whitespace().next().unwrap().parse().unwrap();
        assert!(PORTS.end <= lowest, "connections are given ports from {lowest} on");
    }
}
