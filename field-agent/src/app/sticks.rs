//! The exchange on a stick: letters out, answers back.

use super::agent::HUB;
use super::{Agent, AppError};
use peer::carry::{self, Stick, StickError};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// A stick that is plugged in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plugged {
    /// Its folder.
    pub folder: PathBuf,
    /// Free bytes, if the system tells.
    pub free: Option<u64>,
}

/// What was written onto a stick and read back from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StickWritten {
    /// Its folder.
    pub folder: PathBuf,
    /// Letters written now.
    pub letters: usize,
    /// Letters that were there and are still good.
    pub kept: usize,
    /// Entries in all of these.
    pub entries: u64,
    /// Files written now, and their bytes.
    pub files: usize,
    /// As above.
    pub bytes: u64,
    /// Answers that were found on it and taken first.
    pub read: StickRead,
}

/// What was read from a stick.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct StickRead {
    /// Answers taken now.
    pub answers: usize,
    /// Answers that had been taken before.
    pub known: usize,
    /// Entries that came in.
    pub received: usize,
    /// Of these, now among the records.
    pub taken: usize,
    /// Own letters on it that have no answer yet.
    pub waiting: usize,
    /// Files for others.
    pub others: usize,
    /// Answers signed with a key that this suitcase does not know as a hub's: not taken, and left where they are.
    pub unknown: usize,
    /// What else there is to say, Ukrainian and English.
    pub remarks: Vec<String>,
    /// What the hub did not take, in words.
    pub refusals: Vec<String>,
}

/// What waits, and where it could be written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StickPlan {
    /// Sticks that are plugged in.
    pub plugged: Vec<Plugged>,
    /// Entries that would go out.
    pub entries: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Letters that went out by hand and wait for an answer: how many, and since when, device time, ms since 1970.
    pub unanswered: usize,
    /// As above.
    pub since: Option<i64>,
}

/// What one stick holds for this suitcase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StickSeen {
    /// Files of the program, whoever's they are.
    pub files: usize,
    /// Files of ours by name that are cut or were being written.
    pub broken: usize,
    /// Own letters on it that wait for an answer.
    pub waiting: usize,
    /// Answers on it for this suitcase that were not taken yet.
    pub answers: usize,
}

impl Agent {
    /// What would go onto a stick, and which are plugged in.
    pub fn stick_plan(&self) -> Result<StickPlan, AppError> {
        let (entries, bytes) = self.peer.left_to_carry(HUB)?;
        let letters = self.peer.own_letters()?;
        let unanswered: Vec<i64> = letters.iter().filter(|one| !one.is_answered).map(|one| one.made).collect();
        let plugged = carry::mounted().into_iter().map(|folder| Plugged { free: carry::free_bytes(&folder), folder });
        Ok(StickPlan {
            plugged: plugged.collect(),
            entries,
            bytes,
            unanswered: unanswered.len(),
            since: unanswered.into_iter().min(),
        })
    }

    /// What a stick holds, without taking anything.
    pub fn stick_seen(&self, folder: &Path) -> Result<StickSeen, AppError> {
        let stick = Stick::at(folder)?;
        let listing = stick.files()?;
        let (waiting, answers) = self.peer.carry_seen(&stick, HUB)?;
        let broken = listing.cut.len() + listing.beside.len();
        Ok(StickSeen { files: listing.whole.len(), broken, waiting, answers })
    }

    /// Writes everything that the centre does not hold yet onto a stick, sealed to the centre, and reads it back. What
    /// came back on the stick is taken first. Nothing is deleted or counted as sent: only the centre's answer does that.
    pub fn carry_out(&self, folder: &Path) -> Result<StickWritten, AppError> {
        let stick = Stick::at(folder)?;
        let read = self.take_from(&stick)?;
        self.state_oneself()?;
        let out = self.peer.carry_out(&stick, HUB)?;
        Ok(StickWritten {
            folder: stick.root().to_owned(),
            letters: out.letters,
            kept: out.kept,
            entries: out.entries,
            files: out.files,
            bytes: out.bytes,
            read,
        })
    }

    /// Takes the answers that are on a stick for this suitcase.
    pub fn carry_in(&self, folder: &Path) -> Result<StickRead, AppError> {
        let stick = Stick::at(folder)?;
        if stick.files()?.whole.is_empty() {
            return Err(StickError::Empty.into());
        }
        let mut read = self.take_from(&stick)?;
        if read.answers == 0 && read.known == 0 && read.unknown == 0 {
            read.remarks.insert(0, nothing_for_us(&read).into());
        }
        Ok(read)
    }

    fn take_from(&self, stick: &Stick) -> Result<StickRead, AppError> {
        let home = self.peer.carry_in(stick, HUB)?;
        let refusals = self.peer.refusal_words(&home.contact.refusals)?;
        self.after_carrying(&home.contact)?;
        let mut remarks: Vec<String> = home
            .partial
            .iter()
            .map(|part| {
                let (have, of) = (part.have, part.of);
                format!("Відповідь прийшла не вся: {have} частин із {of}; вона прийде наступного разу / an answer is not whole: {have} parts of {of}; it comes next time")
            })
            .collect();
        if !home.damaged.is_empty() {
            let names = home.damaged.join(", ");
            remarks.push(format!("Пошкоджені файли, їх пропущено: {names}; попросіть записати їх ще раз / damaged files were passed over: {names}; have them written again"));
        }
        if home.unknown > 0 {
            remarks.push(unknown_hub(home.unknown));
        }
        if home.later > 0 {
            remarks.push(format!(
                "Файлів новішої версії: {}; оновіть програму / files of a later version: {}; update this program",
                home.later, home.later
            ));
        }
        if home.read_only {
            remarks.push("Флешка лише для читання: прочитані листи з неї не прибрано, це нічому не шкодить / the stick can only be read: letters that were answered stay on it, which harms nothing".into());
        }
        Ok(StickRead {
            answers: home.answers,
            known: home.known,
            received: home.contact.received,
            taken: home.contact.absorbed.taken,
            waiting: home.waiting,
            others: home.others,
            unknown: home.unknown,
            remarks,
            refusals,
        })
    }

    /// What is done with news, whoever carried them. The hub's clock of back then says nothing about this laptop's now.
    pub(super) fn after_carrying(&self, contact: &peer::sync::Contact) -> Result<(), AppError> {
        if contact.rounds == 0 {
            return Ok(());
        }
        let refusals = self.peer.refusal_words(&contact.refusals)?;
        self.keep_refusals(&refusals)?;
        self.remember_anchor();
        if contact.received > 0 {
            self.take_releases()?;
        }
        self.changes.send_modify(|count| *count += 1);
        Ok(())
    }
}

fn unknown_hub(answers: usize) -> String {
    format!(
        "Відповідей, які підписав вузол обміну, ключа якого валіза не знає: {answers}. Їх не прочитано, вони лишилися на флешці. Мабуть, центр замінив ключ вузла: один раз обміняйтеся через мережу і прочитайте флешку ще раз; якщо не допоможе, скажіть про це центру / answers signed by a hub whose key this suitcase does not know: {answers}. They were not read and stay on the stick. Perhaps the centre has replaced the hub's key: exchange once over a network and read the stick again; if that does not help, tell the centre"
    )
}

fn nothing_for_us(read: &StickRead) -> &'static str {
    if read.waiting > 0 {
        "Відповіді ще немає: цю флешку ще не читали в центрі / no answer yet: the centre has not read this stick"
    } else {
        "На флешці немає нічого для цієї валізи: вона іншої громади, іншої валізи або ще не була в центрі / nothing here is for this suitcase: the stick is of another community or suitcase, or was not at the centre yet"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::ErrorKind;
    use crate::app::testing::{agent, sample_form};

    #[test]
    fn what_waits_is_written_once_and_said() {
        let (_bench, agent) = agent();
        agent.save(&sample_form(), None).unwrap();
        let stick = tempfile::tempdir().unwrap();
        let plan = agent.stick_plan().unwrap();
        assert!(plan.entries > 0 && plan.bytes > 0 && plan.unanswered == 0);
        let written = agent.carry_out(stick.path()).unwrap();
        assert!(written.letters == 1 && written.entries >= plan.entries, "{written:?}");
        assert_eq!(agent.status().unwrap().here, 1, "nothing counts as sent");
        let again = agent.carry_out(stick.path()).unwrap();
        assert_eq!((again.letters, again.kept, again.files), (0, 1, 0));
        let read = agent.carry_in(stick.path()).unwrap();
        assert!(read.answers == 0 && read.waiting == 1 && read.remarks[0].contains("ще не читали"), "{read:?}");
        assert_eq!(agent.stick_seen(stick.path()).unwrap(), StickSeen { files: 1, broken: 0, waiting: 1, answers: 0 });
        assert_eq!(agent.stick_plan().unwrap().unanswered, 1);
    }

    #[test]
    fn wrong_folders_are_said_in_words() {
        let (bench, agent) = agent();
        let empty = tempfile::tempdir().unwrap();
        let refused = |result: Result<StickRead, AppError>| {
            let error = result.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Refused);
            error.to_string()
        };
        assert!(refused(agent.carry_in(empty.path())).contains("немає нічого від «Валізи»"));
        assert!(refused(agent.carry_in(&empty.path().join("none"))).contains("чи вставлено флешку"));
        assert!(refused(agent.carry_in(bench.dir.path())).contains("папка самої валізи"));
    }
}
