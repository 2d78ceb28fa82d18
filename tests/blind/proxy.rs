//! A wire that remembers what went over it.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// Passes connections on and records both directions.
pub struct Proxy {
    recorded: Arc<Mutex<Vec<u8>>>,
}

impl Proxy {
    /// From `listen` to `target`, both loopback ports, until the test ends.
    pub fn start(listen: u16, target: u16) -> Self {
        let recorded = Arc::new(Mutex::new(Vec::new()));
        let listener = TcpListener::bind(("127.0.0.1", listen)).expect("a free port");
        let record = Arc::clone(&recorded);
        std::thread::spawn(move || {
            for near in listener.incoming().flatten() {
                // While nobody listens behind it, the caller is told so.
                let Ok(far) = TcpStream::connect(("127.0.0.1", target)) else { continue };
                let both = [(near.try_clone(), far.try_clone()), (far.try_clone(), near.try_clone())];
                for (from, to) in both {
                    let (Ok(from), Ok(to)) = (from, to) else { continue };
                    let record = Arc::clone(&record);
                    std::thread::spawn(move || pass(from, to, &record));
                }
            }
        });
        Self { recorded }
    }

    /// Everything that went by.
    pub fn recorded(&self) -> Vec<u8> {
        self.recorded.lock().expect("nobody panicked").clone()
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, record: &Mutex<Vec<u8>>) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        record.lock().expect("nobody panicked").extend_from_slice(&buffer[..count]);
        if to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
