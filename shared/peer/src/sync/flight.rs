//! A message under way: it moves while its sender does something else, such as sending the next one.

use super::http::{Counters, Open, Reply, Traffic};
use super::trouble::LinkError;
use std::future::Future;
use std::sync::Arc;
use tokio::task::JoinHandle;

/// What came of a message: the connection if it may carry more, the answer.
pub(super) type Landed = (Option<Open>, Result<Reply, LinkError>);

/// A message under way. Dropped, it is given up.
pub(super) struct Flight {
    task: JoinHandle<Landed>,
    landed: Option<Landed>,
    counters: Arc<Counters>,
    before: Traffic,
}

impl Flight {
    /// Begins `work` over the connection with these counters. For a runtime.
    pub fn new(counters: Arc<Counters>, work: impl Future<Output = Landed> + Send + 'static) -> Self {
        let before = counters.traffic();
        Self { task: tokio::spawn(work), landed: None, counters, before }
    }

    /// Bytes that its connection had carried before, both ways.
    pub fn carried_before(&self) -> usize {
        usize::try_from(self.before.both()).unwrap_or(usize::MAX)
    }

    /// Bytes that its connection has carried by now, both ways.
    pub fn carried(&self) -> usize {
        usize::try_from(self.counters.traffic().both()).unwrap_or(usize::MAX)
    }

    /// What the message and its answer took so far, out and in.
    pub fn moved(&self) -> (u64, u64) {
        let now = self.counters.traffic();
        (now.up - self.before.up, now.down - self.before.down)
    }

    /// Waits until it has landed. Nothing is lost where this wait is given up.
    pub async fn settle(&mut self) {
        if self.landed.is_none() {
            self.landed = Some((&mut self.task).await.unwrap_or((None, Err(LinkError::Cut))));
        }
    }

    /// What came of it.
    pub async fn outcome(&mut self) -> Landed {
        self.settle().await;
        self.landed.take().unwrap_or((None, Err(LinkError::Cut)))
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.task.abort();
    }
}
