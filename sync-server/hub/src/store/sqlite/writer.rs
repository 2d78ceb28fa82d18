//! One thread owns the only connection that writes. Work that comes while it is busy shares the next transaction, and
//! so its fsync; each piece has a savepoint of its own.

use super::erased;
use crate::store::StoreError;
use rusqlite::Connection;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

/// Does its work, or is told why it cannot.
type Job = Box<dyn FnOnce(Result<&Connection, &StoreError>) -> Done + Send>;

/// Work that is done but not on disk yet.
struct Done {
    /// False rolls its savepoint back.
    keep: bool,
    /// Tells the caller, once it is known whether the transaction is on disk.
    tell: Box<dyn FnOnce(Result<(), StoreError>) + Send>,
}

/// Pieces of work in one transaction at most.
const GROUP: usize = 64;

pub(super) struct Writer {
    jobs: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
    /// Bodies were dropped, and the log beside the file may still hold them.
    log_due: Arc<AtomicBool>,
}

impl Writer {
    pub fn start(connection: Connection) -> Result<Self, StoreError> {
        let (sender, receiver) = sync_channel(256);
        // Whoever stopped before the log was emptied left it to the next start.
        let log_due = Arc::new(AtomicBool::new(true));
        let due = Arc::clone(&log_due);
        let thread = std::thread::Builder::new()
            .name("hub-store".into())
            .spawn(move || run(&connection, &receiver, &due))
            .map_err(|error| StoreError::Engine(error.to_string()))?;
        Ok(Self { jobs: Some(sender), thread: Some(thread), log_due })
    }

    /// After the next transactions the log is emptied, as soon as no reader holds it up.
    pub fn empty_log_soon(&self) {
        self.log_due.store(true, Ordering::Relaxed);
    }

    /// Runs `work` in the writing thread and returns when its result is on disk.
    pub fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, result) = sync_channel(1);
        let job: Job = Box::new(move |connection| {
            let done = connection.map_err(StoreError::clone).and_then(work);
            let keep = done.is_ok();
            let tell = move |committed: Result<(), StoreError>| {
                // A caller that is gone needs no answer.
                let _ = answer.send(done.and_then(|value| committed.map(|()| value)));
            };
            Done { keep, tell: Box::new(tell) }
        });
        self.jobs.as_ref().and_then(|jobs| jobs.send(job).ok()).ok_or(StoreError::Busy)?;
        result.recv().map_err(|_| StoreError::Engine("the writing thread ended".into()))?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn run(connection: &Connection, jobs: &Receiver<Job>, log_due: &AtomicBool) {
    while let Ok(first) = jobs.recv() {
        let group: Vec<Job> = std::iter::once(first).chain(jobs.try_iter().take(GROUP - 1)).collect();
        // Before this work, whose transaction needs no answer from it: what an earlier one dropped leaves the log.
        if log_due.swap(false, Ordering::Relaxed) && !matches!(erased::empty_log(connection), Ok(true)) {
            log_due.store(true, Ordering::Relaxed);
        }
        together(connection, group);
    }
}

/// One transaction: all of the group that did not fail by itself is on disk, or nothing is.
fn together(connection: &Connection, group: Vec<Job>) {
    let mut failed = connection.execute_batch("BEGIN IMMEDIATE").err().map(StoreError::from);
    let mut all = Vec::with_capacity(group.len());
    for job in group {
        let done = match &failed {
            Some(error) => job(Err(error)),
            None => {
                let (done, error) = alone(connection, job);
                failed = error;
                done
            }
        };
        all.push(done);
    }
    if failed.is_none() {
        failed = connection.execute_batch("COMMIT").err().map(StoreError::from);
    }
    if let Some(error) = &failed {
        tracing::error!(%error, "a transaction failed");
        if !connection.is_autocommit() {
            let _ = connection.execute_batch("ROLLBACK");
        }
    }
    for done in all {
        (done.tell)(failed.clone().map_or(Ok(()), Err));
    }
}

/// One piece in its savepoint; the error is one of the whole transaction.
fn alone(connection: &Connection, job: Job) -> (Done, Option<StoreError>) {
    if let Err(error) = connection.execute_batch("SAVEPOINT job") {
        let error = StoreError::from(error);
        return (job(Err(&error)), Some(error));
    }
    let done = job(Ok(connection));
    if connection.is_autocommit() {
        // A full disk makes SQLite roll everything back by itself.
        return (done, Some(StoreError::Full));
    }
    let end = if done.keep { "RELEASE job" } else { "ROLLBACK TO job; RELEASE job" };
    let error = connection.execute_batch(end).err().map(StoreError::from);
    (done, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(writer: &Writer) -> i64 {
        let count = |connection: &Connection| Ok(connection.query_row("SELECT count(*) FROM t", [], |row| row.get(0))?);
        writer.write(count).unwrap()
    }

    #[test]
    fn work_that_fails_is_undone_alone() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE t (n INTEGER)").unwrap();
        let writer = Writer::start(connection).unwrap();
        let failed: Result<(), StoreError> = writer.write(|connection| {
            connection.execute("INSERT INTO t VALUES (1)", [])?;
            Err(StoreError::UnknownTenant)
        });
        assert_eq!(failed, Err(StoreError::UnknownTenant));
        assert_eq!(rows(&writer), 0);
    }

    #[test]
    fn work_that_came_together_is_kept_piece_by_piece() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE t (n INTEGER)").unwrap();
        let writer = Writer::start(connection).unwrap();
        let (go, wait) = sync_channel::<()>(0);
        std::thread::scope(|scope| {
            // Holds the thread up, so that all others wait for it and share one transaction.
            scope.spawn(|| {
                writer.write(move |_| {
                    wait.recv().map_err(|_| StoreError::Busy)?;
                    Ok(())
                })
            });
            let insert = |n: i64| {
                writer.write(move |connection| {
                    connection.execute("INSERT INTO t VALUES (?1)", [n])?;
                    if n % 3 == 0 { Err(StoreError::UnknownTenant) } else { Ok(()) }
                })
            };
            let all: Vec<_> = (0..9).map(|n| scope.spawn(move || (n, insert(n)))).collect();
            std::thread::sleep(std::time::Duration::from_millis(50));
            go.send(()).unwrap();
            for one in all {
                let (n, result) = one.join().unwrap();
                assert_eq!(result.is_err(), n % 3 == 0, "{n}");
            }
        });
        assert_eq!(rows(&writer), 6);
    }
}
