//! The desk's side of the control.

use super::backups::answer_or_copy;
use super::command::Command;
use super::{FILE, LONGEST};
use crate::app::{DeskError, Office};
use sealing::Entropy;
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A question has to be there within this time.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Deserialize)]
struct Question {
    token: String,
    login: Option<String>,
    command: Command,
}

/// An open control: its address and token are in the folder until this is dropped.
pub struct Control {
    listener: TcpListener,
    token: String,
    file: PathBuf,
}

impl Control {
    /// Opens it on a free port of the loopback address.
    pub async fn open(office: &Office, entropy: &mut dyn Entropy) -> Result<Self, DeskError> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let token: String = entropy.array::<32>().iter().map(|byte| format!("{byte:02x}")).collect();
        let text = format!("{}\n{token}\n", listener.local_addr()?);
        peer::keep_file(office.path(), FILE, text.as_bytes())?;
        Ok(Self { listener, token, file: office.path().join(FILE) })
    }
}

impl Drop for Control {
    fn drop(&mut self) {
        // A stale file is told from a running desk by the port that does not answer.
        let _ = std::fs::remove_file(&self.file);
    }
}

/// Answers until the caller drops this future.
pub async fn serve(control: Control, office: Arc<Office>) {
    let token: Arc<str> = control.token.as_str().into();
    loop {
        match control.listener.accept().await {
            Ok((stream, _)) => {
                let (office, token) = (Arc::clone(&office), Arc::clone(&token));
                tokio::spawn(async move {
                    if let Err(error) = converse(stream, office, &token).await {
                        tracing::debug!(%error, "a control connection ended early");
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a control connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn converse(mut stream: TcpStream, office: Arc<Office>, token: &str) -> std::io::Result<()> {
    let (reading, mut writing) = stream.split();
    let mut line = String::new();
    let mut reader = BufReader::new(reading.take(LONGEST));
    tokio::time::timeout(PATIENCE, reader.read_line(&mut line)).await.map_err(std::io::Error::other)??;
    let answer = answer(office, token, &line).await;
    let answer = match answer {
        Ok(value) => json!({ "ok": value }),
        Err(error) => {
            let (uk, en) = (error.sentence.uk, error.sentence.en);
            json!({ "error": { "kind": error.kind.text(), "uk": uk, "en": en } })
        }
    };
    writing.write_all(format!("{answer}\n").as_bytes()).await?;
    writing.shutdown().await
}

async fn answer(office: Arc<Office>, token: &str, line: &str) -> Result<Value, DeskError> {
    let question: Question = serde_json::from_str(line).map_err(|error| {
        DeskError::refused(format!("запит не читається: {error}"), format!("the question does not read: {error}"))
    })?;
    // The same time whichever character differs.
    let (given, right) = (question.token.as_bytes(), token.as_bytes());
    let differ = given.iter().zip(right).fold(given.len() ^ right.len(), |all, (a, b)| all | usize::from(a ^ b));
    if differ != 0 {
        return Err(DeskError::new(
            crate::app::ErrorKind::NotAllowed,
            "хибний ключ керування: центр перезапущено, повторіть команду",
            "a wrong control token: the desk was restarted, try the command again",
        ));
    }
    let done =
        tokio::task::spawn_blocking(move || answer_or_copy(&office, question.login.as_deref(), question.command));
    done.await.unwrap_or_else(|error| {
        tracing::error!(%error, "a control command broke off");
        Err(DeskError::refused("команда обірвалася: перегляньте журнал", "the command broke off: look at the log"))
    })
}
