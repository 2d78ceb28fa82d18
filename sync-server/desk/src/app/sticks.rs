//! Sticks at the centre: letters of suitcases are taken off, brought to the hub, and their answers put back.
//!
//! The hub answers a letter with what waits for its sender at that moment. So letters are brought twice: first for what
//! they bring, and again when the desk has read it and its verdicts are at the hub.

use super::accounts::Rank;
use super::traces::How;
use super::{Desk, DeskError, ErrorKind, HUB};
use chain::{Answer, Courier, Register, Standing};
use clock::Time;
use ids::ChainId;
use peer::carry::{self, Letter, OnStick, Stick, StickError};
use peer::sync::{Link, SyncError, sync};
use records::Sentence;
use signing::Hash;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, MutexGuard, PoisonError};

/// Letters that are in memory at once.
const AT_ONCE: usize = 16;

/// What became of a stick.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Carried {
    /// Its folder.
    pub folder: PathBuf,
    /// Letters that the hub answered.
    pub letters: usize,
    /// Answers written onto it.
    pub answers: usize,
    /// In so many files.
    pub files: usize,
    /// Numbers of the suitcases they are for.
    pub suitcases: BTreeSet<u16>,
    /// Suitcases for which more waits than one letter may ask for: it comes with their next one.
    pub more: BTreeSet<u16>,
    /// What else there is to say.
    pub remarks: Vec<Sentence>,
}

/// A stick that is plugged into the desk's machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plugged {
    /// Its folder.
    pub folder: PathBuf,
    /// Free bytes, if the system tells.
    pub free: Option<u64>,
}

/// Work on a stick that goes on, and how the last one ended.
#[derive(Debug, Clone, Default)]
pub struct StickWork {
    /// Since when it goes on.
    pub since: Option<Time>,
    /// How the last one ended.
    pub done: Option<Result<Carried, DeskError>>,
}

/// A letter on its way to the hub and back onto the stick.
struct Brought {
    sender: ChainId,
    hash: Hash,
    bytes: Vec<u8>,
}

impl From<Letter> for Brought {
    fn from(letter: Letter) -> Self {
        Self { sender: letter.request.sender, hash: letter.hash, bytes: letter.bytes }
    }
}

impl From<StickError> for DeskError {
    fn from(error: StickError) -> Self {
        match error {
            StickError::Peer(error) => error.into(),
            StickError::Sync(error) => error.into(),
            other => Self::from_text(ErrorKind::Refused, &other.to_string()),
        }
    }
}

impl Desk {
    /// Takes the letters off a stick, brings them to the hub, and puts the answers onto the same stick. Blocks.
    pub fn carry_in(&self, by: &str, folder: &Path) -> Result<Carried, DeskError> {
        self.must_be(by, Rank::Clerk)?;
        self.note(by, How::ReadStick, &folder.display().to_string())?;
        let stick = Stick::at(folder)?;
        let mail = self.peer.letters_on(&stick)?;
        let mut carried = Carried { folder: stick.root().to_owned(), ..Carried::default() };
        if mail.found.is_empty() && mail.partial.is_empty() {
            return Err(match self.of_old_key(&mail)? {
                Some(said) => DeskError::refused(
                    format!("на флешці немає листів, які цей центр відкриває. {}", said.uk),
                    format!("there are no letters on the stick that this centre opens. {}", said.en),
                ),
                None => nothing_for_us(&mail),
            });
        }
        self.remark(&mail, &mut carried)?;
        self.peer.tidy_answers(&stick, &mail)?;
        let mut link = self.link()?;
        for found in mail.found.chunks(AT_ONCE) {
            let mut letters = Vec::new();
            for found in found {
                match self.peer.letter_on(&stick, found)? {
                    OnStick::Letter(letter) => {
                        if letter.request.budget > 0 {
                            self.peer.keep_question(letter.request.sender, letter.bytes.clone())?;
                        }
                        letters.push(Brought::from(*letter));
                    }
                    OnStick::Later => carried.remarks.push(later(found.files.len())),
                    OnStick::Damaged => carried.remarks.push(damaged(&found.files.join(", "))),
                }
            }
            self.bring(&mut link, letters, |letter, answer| {
                match answer {
                    Ok(_) => carried.letters += 1,
                    Err(why) => carried.say(self.not_delivered(letter.sender, why)),
                }
                Ok(())
            })?;
        }
        self.take_turn(&mut link)?;
        for found in mail.found.chunks(AT_ONCE) {
            let letters = found.iter().map(|found| self.peer.letter_on(&stick, found));
            let letters: Vec<Option<Letter>> = letters.map(|on| Ok(on?.letter())).collect::<Result<_, StickError>>()?;
            self.answer_onto(
                &stick,
                &mut link,
                letters.into_iter().flatten().map(Brought::from).collect(),
                &mut carried,
            )?;
        }
        Ok(carried)
    }

    /// Puts answers onto a stick as of now, for every suitcase that ever wrote by stick: decisions made since its letter
    /// was read go along. Blocks.
    pub fn carry_out(&self, by: &str, folder: &Path) -> Result<Carried, DeskError> {
        self.must_be(by, Rank::Clerk)?;
        self.note(by, How::WroteStick, &folder.display().to_string())?;
        let stick = Stick::at(folder)?;
        let mut carried = Carried { folder: stick.root().to_owned(), ..Carried::default() };
        let kept = self.peer.shelf(false, usize::from(u16::MAX))?;
        if kept.is_empty() {
            return Err(DeskError::refused(
                "жодна валіза ще не писала сюди флешкою, тому й відповідати нікому: спершу прочитайте флешку (carry in)",
                "no suitcase has written by stick yet, so there is nobody to answer: read a stick first (carry in)",
            ));
        }
        let mut link = self.link()?;
        self.take_turn(&mut link)?;
        let mut kept = kept.into_iter().map(|(hash, sender, bytes)| Brought { sender, hash, bytes }).peekable();
        while kept.peek().is_some() {
            let letters: Vec<Brought> = kept.by_ref().take(AT_ONCE).collect();
            carried.letters += letters.len();
            self.answer_onto(&stick, &mut link, letters, &mut carried)?;
        }
        Ok(carried)
    }

    /// Brings letters and writes their answers.
    fn answer_onto(
        &self,
        stick: &Stick,
        link: &mut Link,
        letters: Vec<Brought>,
        carried: &mut Carried,
    ) -> Result<(), DeskError> {
        let register = self.peer.register()?;
        self.bring(link, letters, |letter, answer| {
            let answer = match answer {
                Ok(answer) => answer,
                Err(why) => {
                    carried.say(self.not_delivered(letter.sender, why));
                    return Ok(());
                }
            };
            let number = number_of(&register, letter.sender);
            let read = Answer::decode(&answer, &letter.hash, self.peer.tenant(), &register.hubs());
            if read.is_some_and(|read| read.is_ok_and(|(answer, _)| answer.more)) {
                carried.more.extend(number);
            }
            let Some(files) = self.peer.put_answer(stick, letter.sender, letter.hash, answer)? else {
                carried.say(no_answer(number));
                return Ok(());
            };
            carried.answers += 1;
            carried.files += files;
            carried.suitcases.extend(number);
            if register.standing(letter.sender, self.now().0) == Standing::Unconfirmed {
                carried.say(unconfirmed(number));
            }
            Ok(())
        })
    }

    fn bring(
        &self,
        link: &mut Link,
        letters: Vec<Brought>,
        mut take: impl FnMut(&Brought, Result<Vec<u8>, chain::Undelivered>) -> Result<(), DeskError>,
    ) -> Result<(), DeskError> {
        let bytes = letters.iter().map(|letter| letter.bytes.clone()).collect();
        let answers = on_network(carry::bring(&self.peer, link, HUB, bytes))?.map_err(stays_on_the_stick)?;
        letters.iter().zip(answers).try_for_each(|(letter, answer)| take(letter, answer))
    }

    /// The desk reads what the letters brought, writes its verdicts, and the hub has them.
    fn take_turn(&self, link: &mut Link) -> Result<(), DeskError> {
        for _ in 0..3 {
            let contact = on_network(sync(&self.peer, link, HUB, &mut Courier::default()))?;
            if !self.after_exchange(&contact.map_err(stays_on_the_stick)?)? {
                break;
            }
        }
        Ok(())
    }

    /// What could not be read, by name and in words.
    fn remark(&self, mail: &carry::Mail, carried: &mut Carried) -> Result<(), DeskError> {
        let register = self.peer.register()?;
        for part in &mail.partial {
            let number = named(number_of(&register, part.envelope.party));
            let (have, of) = (part.have, part.of);
            carried.remarks.push(Sentence::new(
                format!("лист валізи {number} не весь: {have} частин із {of}; решту прочитано, цей нехай валіза запише ще раз"),
                format!("a letter of suitcase {number} is not whole: {have} parts of {of}; the others were read, this one the suitcase has to write again"),
            ));
        }
        if !mail.damaged.is_empty() {
            carried.remarks.push(damaged(&mail.damaged.join(", ")));
        }
        if mail.later > 0 {
            carried.remarks.push(later(mail.later));
        }
        carried.remarks.extend(self.of_old_key(mail)?);
        Ok(())
    }

    /// Files that nobody here opens may be sealed to a key that was destroyed: what to do about it.
    fn of_old_key(&self, mail: &carry::Mail) -> Result<Option<Sentence>, DeskError> {
        let others = mail.others;
        if others == 0 || self.book()?.administration.destroyed.is_none() {
            return Ok(None);
        }
        Ok(Some(Sentence::new(
            format!(
                "файлів, яких ніхто тут не відкриє: {others}; їх запечатано для старого ключа центру або для іншої громади. Якщо це валіза, яка ще не знає нового ключа: запишіть на цю флешку відповіді (carry out), нехай валіза їх прочитає і запише листи ще раз; незданого вона не втратить"
            ),
            format!(
                "files that nobody opens here: {others}; they are sealed to the centre's old key or for another community. If they are of a suitcase that does not know the new key yet: write answers onto this stick (carry out), let the suitcase read them and write its letters again; it loses nothing"
            ),
        )))
    }

    fn not_delivered(&self, sender: ChainId, why: chain::Undelivered) -> Sentence {
        let register = self.peer.register().ok();
        let number = named(register.and_then(|register| number_of(&register, sender)));
        let text = why.to_string();
        let (uk, en) = text.split_once(" / ").unwrap_or((&text, &text));
        Sentence::new(format!("валіза {number}: {uk}"), format!("suitcase {number}: {en}"))
    }

    /// Sticks that are plugged in and mounted.
    pub fn plugged_sticks(&self) -> Vec<Plugged> {
        let found = carry::mounted().into_iter();
        found.map(|folder| Plugged { free: carry::free_bytes(&folder), folder }).collect()
    }

    /// How work on a stick goes that was begun on the page.
    pub(crate) fn stick_work(&self) -> StickWork {
        self.held_stick().clone()
    }

    fn held_stick(&self) -> MutexGuard<'_, StickWork> {
        self.stick_work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins work on a stick on a thread of its own: a stick is slow, and a page must not wait for it.
    pub(crate) fn start_stick(self: &Arc<Self>, by: &str, folder: &Path, writes_only: bool) -> Result<(), DeskError> {
        self.must_be(by, Rank::Clerk)?;
        // What is plainly wrong is said at once.
        Stick::at(folder)?;
        let mut work = self.held_stick();
        if work.since.is_some() {
            return Err(DeskError::new(
                ErrorKind::Busy,
                "флешку вже читають або пишуть: зачекайте, доки закінчиться",
                "a stick is being read or written already: wait until that is done",
            ));
        }
        let (desk, by, folder) = (Arc::clone(self), by.to_owned(), folder.to_owned());
        let run = move || {
            let done = if writes_only { desk.carry_out(&by, &folder) } else { desk.carry_in(&by, &folder) };
            *desk.held_stick() = StickWork { since: None, done: Some(done) };
            desk.tell();
        };
        std::thread::Builder::new().name("stick".into()).spawn(run)?;
        *work = StickWork { since: Some(self.now()), done: None };
        Ok(())
    }
}

impl Carried {
    /// Each letter is brought twice, and what is wrong with it is said once.
    fn say(&mut self, remark: Sentence) {
        if !self.remarks.contains(&remark) {
            self.remarks.push(remark);
        }
    }
}

/// The number of the suitcase; a chain that goes on for another one and waits to be confirmed has that one's.
fn number_of(register: &Register, chain: ChainId) -> Option<u16> {
    let mut line = std::iter::once(chain).chain(register.ancestors(chain));
    line.find_map(|chain| Some(register.suitcase(chain)?.number))
}

fn named(number: Option<u16>) -> String {
    number.map_or_else(|| "?".to_owned(), |number| number.to_string())
}

fn unconfirmed(number: Option<u16>) -> Sentence {
    let number = named(number);
    Sentence::new(
        format!(
            "валіза {number} пише під новим ланцюгом: її ноутбук відновлено з копії або подвоєно. Підтвердьте її на сторінці «Валізи», доти центр не бере її записів"
        ),
        format!(
            "suitcase {number} writes under a new chain: its laptop was put back from a copy, or doubled. Confirm it on the page «Suitcases»; until then the centre takes none of its entries"
        ),
    )
}

fn no_answer(number: Option<u16>) -> Sentence {
    let number = named(number);
    Sentence::new(
        format!(
            "валіза {number}: центр не знає її ключа, тому відповіді на флешку не записано; її листи у вузлі обміну"
        ),
        format!(
            "suitcase {number}: the centre does not know its key, so no answer was written; its letters are at the hub"
        ),
    )
}

/// Runs what needs a network, from a thread that may block.
fn on_network<T: Send>(work: impl Future<Output = T> + Send) -> Result<T, DeskError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    // A thread of its own: whoever calls may be a worker of another runtime.
    std::thread::scope(|scope| scope.spawn(|| runtime.block_on(work)).join()).map_err(|_| {
        DeskError::refused("обмін обірвався: перегляньте журнал", "the exchange broke off: look at the log")
    })
}

fn stays_on_the_stick(error: SyncError) -> DeskError {
    match error {
        SyncError::Peer(error) => error.into(),
        other => {
            let text = other.to_string();
            let (uk, en) = text.split_once(" / ").unwrap_or((&text, &text));
            DeskError::new(
                ErrorKind::NoConnection,
                format!(
                    "вузол обміну недоступний, листи лишилися на флешці, нічого не втрачено; повторіть, коли зв’язок буде ({uk})"
                ),
                format!(
                    "the hub cannot be reached; the letters stay on the stick, nothing is lost; repeat when it can ({en})"
                ),
            )
        }
    }
}

fn later(files: usize) -> Sentence {
    Sentence::new(
        format!("файлів новішої версії: {files}; оновіть програму центру"),
        format!("files of a later version: {files}; update the centre's program"),
    )
}

fn damaged(names: &str) -> Sentence {
    Sentence::new(
        format!("пошкоджені файли, їх пропущено: {names}; решту прочитано"),
        format!("damaged files were passed over: {names}; the others were read"),
    )
}

fn nothing_for_us(mail: &carry::Mail) -> DeskError {
    if mail.others + mail.later + mail.damaged.len() == 0 {
        return StickError::Empty.into();
    }
    DeskError::refused(
        format!(
            "на флешці немає листів до цього центру: файлів для інших {}, пошкоджених {}, новішої версії {}; перевірте, чи флешка вашої громади; лист, у якому бодай щось змінилося, теж виглядає як чужий: хай валіза запише флешку ще раз",
            mail.others,
            mail.damaged.len(),
            mail.later
        ),
        format!(
            "there are no letters to this centre on the stick: files for others {}, damaged {}, of a later version {}; is it a stick of your community? A letter in which anything changed looks like another's, too: let the suitcase write the stick again",
            mail.others,
            mail.damaged.len(),
            mail.later
        ),
    )
}
