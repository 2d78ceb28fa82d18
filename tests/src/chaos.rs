//! A network that misbehaves, on loopback ports and deterministic by its plan: it stands between peers and a hub, makes
//! bytes slow and late, cuts connections after so many bytes, goes silent, turns bits, answers in the hub's place, and
//! leads through tunnels.
//!
//! Reordering is TCP's to prevent; what can reach a program is bytes that stop, come late, or are others.

use std::future::pending;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

/// A packet; a reader takes no more at once.
const PACKET: usize = 1_400;
/// What a router holds for a connection before the sender has to wait.
const QUEUE: u32 = 8 * 1024;

/// Which way bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To the hub.
    Up,
    /// From the hub.
    Down,
    /// Both ways, counted together.
    Both,
}

/// How a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Both sides are told at once, and what was under way is lost.
    Reset,
    /// Both sides are told that nothing more comes.
    Close,
    /// Nobody is told anything.
    Silence,
}

/// After how many bytes a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// Which bytes count.
    pub way: Way,
    /// The last byte that still passes.
    pub after: u64,
    /// How it ends.
    pub end: End,
}

/// What becomes of one connection.
#[derive(Debug, Clone, Copy, Default)]
pub struct Fate {
    /// Ends it.
    pub cut: Option<Cut>,
    /// Turns a bit of the byte at this place.
    pub flip: Option<(Way, u64)>,
    /// Answers this in the hub's place as soon as anything is sent, and closes.
    pub answer: Option<&'static [u8]>,
}

/// What all connections share.
#[derive(Debug, Clone, Copy, Default)]
pub struct Weather {
    /// Bytes a second to the hub; `None`: as many as come.
    pub up: Option<u64>,
    /// Bytes a second from the hub.
    pub down: Option<u64>,
    /// There and back.
    pub round_trip: Duration,
    /// So long there is a network, then so long there is none, from the proxy's start on.
    pub tunnel: Option<(Duration, Duration)>,
}

/// What went through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Passed {
    /// Connections that were made.
    pub connections: u64,
    /// Bytes to the hub.
    pub up: u64,
    /// Bytes from the hub.
    pub down: u64,
}

type Plan = Box<dyn Fn(u64) -> Fate + Send + Sync>;

struct Shared {
    target: SocketAddr,
    weather: Mutex<Weather>,
    plan: Mutex<Plan>,
    begun: Instant,
    free: [Mutex<Instant>; 2],
    connections: AtomicU64,
    passed: [AtomicU64; 2],
}

/// The proxy. Dropped, all its connections end.
pub struct Chaos {
    /// Where it listens.
    pub address: SocketAddr,
    shared: Arc<Shared>,
    task: tokio::task::JoinHandle<()>,
}

impl Chaos {
    /// Between a new loopback port and `target`. `plan` says what becomes of each connection, counted from 0.
    pub async fn start(
        target: SocketAddr,
        weather: Weather,
        plan: impl Fn(u64) -> Fate + Send + Sync + 'static,
    ) -> Self {
        Self::start_at(SocketAddr::new(target.ip(), 0), target, weather, plan).await
    }

    /// As [`Chaos::start`], where peers expect the hub.
    pub async fn start_at(
        listen: SocketAddr,
        target: SocketAddr,
        weather: Weather,
        plan: impl Fn(u64) -> Fate + Send + Sync + 'static,
    ) -> Self {
        let socket = if listen.is_ipv6() { TcpSocket::new_v6() } else { TcpSocket::new_v4() }.expect("a socket");
        socket.set_reuseaddr(true).expect("a port that was just left");
        socket.set_recv_buffer_size(QUEUE).expect("a small queue");
        socket.bind(listen).expect("a free port");
        let listener = socket.listen(256).expect("it listens");
        let address = listener.local_addr().expect("it has an address");
        let begun = Instant::now();
        let shared = Arc::new(Shared {
            target,
            weather: Mutex::new(weather),
            plan: Mutex::new(Box::new(plan)),
            begun,
            free: [Mutex::new(begun), Mutex::new(begun)],
            connections: AtomicU64::new(0),
            passed: [AtomicU64::new(0), AtomicU64::new(0)],
        });
        let task = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Self { address, shared, task }
    }

    /// From now on another plan, which counts connections from 0 again.
    pub fn turn(&self, plan: impl Fn(u64) -> Fate + Send + Sync + 'static) {
        *self.shared.plan.lock().unwrap_or_else(PoisonError::into_inner) = Box::new(plan);
        self.shared.connections.store(0, Ordering::Relaxed);
        self.shared.passed.iter().for_each(|passed| passed.store(0, Ordering::Relaxed));
    }

    /// From now on another weather.
    pub fn weather(&self, weather: Weather) {
        *self.shared.weather.lock().unwrap_or_else(PoisonError::into_inner) = weather;
    }

    /// What went through since the start or the last turn.
    pub fn passed(&self) -> Passed {
        let [up, down] = [0, 1].map(|way: usize| self.shared.passed[way].load(Ordering::Relaxed));
        Passed { connections: self.shared.connections.load(Ordering::Relaxed), up, down }
    }
}

impl Drop for Chaos {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((near, _)) = listener.accept().await else { continue };
        let number = shared.connections.fetch_add(1, Ordering::Relaxed);
        let fate = shared.plan.lock().unwrap_or_else(PoisonError::into_inner)(number);
        connections.spawn(connection(near, Arc::clone(&shared), fate));
        while connections.try_join_next().is_some() {}
    }
}

/// Counts a connection's bytes towards its end.
struct Course {
    fate: Fate,
    seen: [AtomicU64; 2],
    ended: watch::Sender<bool>,
}

impl Course {
    /// How many of `len` bytes still pass; fewer: the connection ends after them.
    fn pass(&self, way: usize, len: usize) -> usize {
        let before = self.seen[way].fetch_add(len as u64, Ordering::SeqCst);
        let Some(cut) = self.fate.cut else { return len };
        let counted = match cut.way {
            Way::Up if way == 0 => before,
            Way::Down if way == 1 => before,
            Way::Both => before + self.seen[1 - way].load(Ordering::SeqCst),
            _ => return len,
        };
        len.min(usize::try_from(cut.after.saturating_sub(counted)).unwrap_or(usize::MAX))
    }

    fn turn_bit(&self, way: usize, bytes: &mut [u8]) {
        let before = self.seen[way].load(Ordering::SeqCst);
        let here = |wanted: Way| matches!((wanted, way), (Way::Up, 0) | (Way::Down, 1) | (Way::Both, _));
        if let Some((wanted, place)) = self.fate.flip
            && here(wanted)
            && let Some(at) = place.checked_sub(before)
            && let Some(byte) = usize::try_from(at).ok().and_then(|at| bytes.get_mut(at))
        {
            *byte ^= 0x10;
        }
    }
}

async fn connection(mut near: TcpStream, shared: Arc<Shared>, fate: Fate) {
    let _ = near.set_nodelay(true);
    shared.in_the_open().await;
    // The handshake of TCP, which loopback does in no time.
    sleep(shared.weather().round_trip).await;
    if let Some(answer) = fate.answer {
        let mut first = [0; 1024];
        let _ = near.read(&mut first).await;
        let _ = near.write_all(answer).await;
        let _ = near.shutdown().await;
        return;
    }
    let Ok(far) = TcpStream::connect(shared.target).await else {
        let _ = near.set_zero_linger();
        return;
    };
    let _ = far.set_nodelay(true);
    if fate.cut.is_some_and(|cut| cut.end == End::Reset) {
        // Closing is then a reset, for both sides.
        let _ = near.set_zero_linger();
        let _ = far.set_zero_linger();
    }
    let course = Arc::new(Course { fate, seen: Default::default(), ended: watch::Sender::new(false) });
    let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
    let up = carry(0, near_in, far_out, Arc::clone(&shared), Arc::clone(&course));
    let down = carry(1, far_in, near_out, shared, Arc::clone(&course));
    let mut ended = course.ended.subscribe();
    let mut both = std::pin::pin!(async {
        let halves = tokio::join!(up, down);
        drop(halves);
    });
    let was_cut = async { ended.wait_for(|ended| *ended).await.is_ok() };
    tokio::select! {
        () = &mut both => {}
        _ = was_cut => {
            if fate.cut.is_some_and(|cut| cut.end == End::Silence) {
                // Held open on both sides, and nothing moves.
                pending::<()>().await;
            }
        }
    }
}

/// Carries one way until it ends. The half that was written to comes back, so that both ways are closed together.
async fn carry(
    way: usize,
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    shared: Arc<Shared>,
    course: Arc<Course>,
) -> OwnedWriteHalf {
    let (queue, mut queued) = mpsc::unbounded_channel::<(Instant, Vec<u8>, bool)>();
    let reading = async {
        let mut packet = [0; PACKET];
        while let Ok(count @ 1..) = from.read(&mut packet).await {
            let bytes = &mut packet[..count];
            course.turn_bit(way, bytes);
            let passes = course.pass(way, count);
            let arrives = shared.transmit(way, passes).await;
            let ends = passes < count;
            shared.passed[way].fetch_add(passes as u64, Ordering::Relaxed);
            if queue.send((arrives, bytes[..passes].to_vec(), ends)).is_err() || ends {
                break;
            }
        }
        drop(queue);
    };
    let writing = async {
        while let Some((arrives, bytes, ends)) = queued.recv().await {
            sleep_until(arrives).await;
            let broken = to.write_all(&bytes).await.is_err();
            if ends {
                course.ended.send_replace(true);
                // Nobody here speaks any more; the connection's task decides what both sides hear.
                pending::<()>().await;
            }
            if broken {
                break;
            }
        }
        let _ = to.shutdown().await;
        to
    };
    let halves = tokio::join!(reading, writing);
    halves.1
}

impl Shared {
    fn weather(&self) -> Weather {
        *self.weather.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes its time on the shared wire. Gives back when the bytes are at the other end.
    async fn transmit(&self, way: usize, bytes: usize) -> Instant {
        self.in_the_open().await;
        let weather = self.weather();
        let rate = if way == 0 { weather.up } else { weather.down };
        let late = weather.round_trip / 2;
        let Some(rate) = rate else { return Instant::now() + late };
        let takes = Duration::from_nanos(bytes as u64 * 1_000_000_000 / rate.max(1));
        let sent = {
            let mut free = self.free[way].lock().unwrap_or_else(PoisonError::into_inner);
            *free = (*free).max(Instant::now()) + takes;
            *free
        };
        sleep_until(sent).await;
        sent + late
    }

    /// Waits for the end of a tunnel.
    async fn in_the_open(&self) {
        let Some((on, off)) = self.weather().tunnel else { return };
        let whole = on + off;
        let ran = self.begun.elapsed();
        let inside = Duration::from_nanos(u64::try_from(ran.as_nanos() % whole.as_nanos()).unwrap_or(0));
        if inside >= on {
            sleep(whole - inside).await;
        }
    }
}
