//! Requests: recording, listing, showing, changing.

use super::output::{moment, say, short};
use super::{Context, exit, output, request_lines};
use crate::app::{AppError, Changed, Form, ListOrder, ListQuery, PaperCheck, RequestPage, Signer, Take};
use clap::Args;
use std::io::Read;
use std::path::PathBuf;

#[derive(Args)]
pub struct Services {
    /// Початки слів / beginnings of words
    #[arg(default_value = "")]
    search: String,
}

pub fn services(context: &Context<'_>, command: &Services) -> Result<u8, AppError> {
    let found = crate::app::services(&command.search);
    if context.common.json {
        output::json(&found);
    } else {
        let rows: Vec<Vec<String>> = found.iter().map(|s| vec![s.slug.clone(), short(&s.uk, 90)]).collect();
        output::table(&["ключ / slug", "послуга / service"], &rows);
        say(
            "Це послуги, з якими постачено програму; чинний випуск — на сторінках і в catalogue list / these came with the program; the release in force is in the pages and in catalogue list",
        );
    }
    Ok(exit::DONE)
}

#[derive(Args)]
pub struct Record {
    /// Файл JSON або - (одне звернення чи масив) / JSON file or - (one request or an array)
    #[arg(value_name = "FILE", required_unless_present = "example")]
    file: Option<PathBuf>,
    /// Лише перевірити / check only
    #[arg(long)]
    check: bool,
    /// Вивести зразок / print an example
    #[arg(long)]
    example: bool,
}

pub fn record(context: &Context<'_>, command: &Record) -> Result<u8, AppError> {
    let Some(path) = command.file.as_ref().filter(|_| !command.example) else {
        say(include_str!("../../examples/request.json").trim_end());
        return Ok(exit::DONE);
    };
    let forms = Form::many_from_json(&read(path)?)?;
    let agent = context.open()?;
    let mut saved = Vec::new();
    for (place, form) in forms.iter().enumerate() {
        if command.check {
            let checked = agent.check(form)?;
            let clear = checked.is_clear();
            if context.common.json {
                output::json(&checked.findings);
            } else {
                request_lines::checked(&checked.findings, clear).iter().for_each(|line| say(line));
            }
            if !clear {
                return Ok(exit::REFUSED);
            }
            continue;
        }
        match agent.save(form, None) {
            Ok(one) => saved.push(one),
            Err(error) => {
                // What was saved before stays: each request is an act of its own.
                if !saved.is_empty() {
                    tell(&saved, context.common.json);
                }
                if forms.len() > 1 {
                    output::complain(&format!("Звернення {} з {} / request:", place + 1, forms.len()));
                }
                return Err(error);
            }
        }
    }
    if !command.check {
        tell(&saved, context.common.json);
    }
    Ok(exit::DONE)
}

fn tell(saved: &[crate::app::Saved], json: bool) {
    if json {
        output::json(&saved);
        return;
    }
    for one in saved {
        say(&one.number);
        for notice in one.notices.iter().filter(|notice| ["clock", "settings"].contains(&notice.key.as_str())) {
            output::complain(&format!("{} / {}", notice.uk, notice.en));
        }
    }
}

fn read(path: &PathBuf) -> Result<String, AppError> {
    let named = |error| AppError::File { path: path.display().to_string(), error };
    if path.as_os_str() == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(named)?;
        return Ok(text);
    }
    std::fs::read_to_string(path).map_err(named)
}

#[derive(Args)]
pub struct List {
    /// Лише в цих станах, через кому / only in these states, by comma
    #[arg(long, value_delimiter = ',')]
    state: Vec<String>,
    /// Початки слів: ім’я, номер, телефон, адреса / beginnings of words: name, number, phone, address
    #[arg(long, default_value = "")]
    search: String,
    /// Лише з розбіжностями / only where people differ
    #[arg(long)]
    differing: bool,
    /// Щонайбільше стільки / at most so many
    #[arg(long, default_value_t = 100)]
    limit: usize,
    /// Пропустити стільки / leave out so many
    #[arg(long, default_value_t = 0)]
    offset: usize,
}

pub fn list(context: &Context<'_>, command: &List) -> Result<u8, AppError> {
    let query = ListQuery {
        search: command.search.clone(),
        states: command.state.clone(),
        service: None,
        differing: command.differing,
        place: None,
        order: ListOrder::Newest,
        offset: command.offset,
        limit: command.limit,
    };
    let (rows, count) = context.open()?.list(&query)?;
    if context.common.json {
        output::json(&serde_json::json!({ "count": count, "requests": rows }));
        return Ok(exit::DONE);
    }
    let line = |row: &crate::app::ListRow| {
        let conflicts = if row.conflicts > 0 { "≠" } else { "" };
        vec![
            row.number.clone(),
            moment(row.created),
            short(&row.applicant, 40),
            short(&row.service_name, 40),
            format!("{}{conflicts}", row.state_name.uk),
            row.place.words().0.to_owned(),
        ]
    };
    let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
    output::table(&["номер", "внесено", "заявник", "послуга", "стан", "де"], &lines);
    say(&format!("{} з {count} / of {count}", rows.len()));
    Ok(exit::DONE)
}

#[derive(Args)]
pub struct Show {
    /// Номер опису, номер журналу або справа / receipt number, journal number or record
    number: String,
    /// З ключами полів: для correct, supplement, resolve / with the fields' keys: for correct, supplement, resolve
    #[arg(long)]
    keys: bool,
}

pub fn show(context: &Context<'_>, command: &Show) -> Result<u8, AppError> {
    let page = context.open()?.request(&command.number)?;
    if context.common.json {
        output::json(&page);
    } else {
        print(&page, command.keys);
    }
    Ok(exit::DONE)
}

fn print(page: &RequestPage, keys: bool) {
    request_lines::told(page, keys).iter().for_each(|line| say(line));
    for conflict in &page.conflicts {
        say(&format!("  ≠ {} [{}]", conflict.uk, conflict.key));
        for value in &conflict.values {
            say(&format!("      [{}] {} — {}, {}", value.mark, value.shown, value.by_uk, moment(value.at)));
        }
    }
    for note in page.notes.iter().filter(|note| !note.withdrawn) {
        say(&format!("  * {} {}: {}", moment(note.at), note.by, note.text));
    }
    for event in &page.happened {
        let said = [event.uk.as_str(), event.by.as_str(), event.reason.as_str()];
        let said: Vec<&str> = said.into_iter().filter(|part| !part.is_empty()).collect();
        say(&format!("  {}  {}", moment(event.at), said.join(" · ")));
    }
    page.set_aside.iter().for_each(|why| say(&format!("  ! {why}")));
}

fn changed(context: &Context<'_>, done: &Changed) -> u8 {
    if context.common.json {
        output::json(done);
    } else if done.changed {
        say(&format!("{}: збережено / saved", done.number));
    } else {
        say(&format!("{}: так уже було / it was so already", done.number));
    }
    exit::DONE
}

fn pairs(given: &[String]) -> Result<Vec<(String, String)>, AppError> {
    let pair = |text: &String| {
        text.split_once('=').map(|(key, value)| (key.trim().to_owned(), value.to_owned())).ok_or_else(|| {
            AppError::input(format!("«{text}»: потрібно поле=значення"), format!("“{text}”: write field=value"))
        })
    };
    given.iter().map(pair).collect()
}

#[derive(Args)]
pub struct Correct {
    /// Номер опису / receipt number
    number: String,
    /// поле=значення, можна кілька / field=value, may be repeated
    #[arg(long, required = true)]
    set: Vec<String>,
    /// Причина / the reason
    #[arg(long, default_value = "")]
    reason: String,
}

pub fn correct(context: &Context<'_>, command: &Correct) -> Result<u8, AppError> {
    let fields = pairs(&command.set)?;
    Ok(changed(context, &context.open()?.correct(&command.number, &fields, &command.reason)?))
}

#[derive(Args)]
pub struct Withdraw {
    /// Номер опису / receipt number
    number: String,
    /// Причина / the reason
    #[arg(long)]
    reason: String,
}

pub fn withdraw(context: &Context<'_>, command: &Withdraw) -> Result<u8, AppError> {
    Ok(changed(context, &context.open()?.withdraw(&command.number, &command.reason)?))
}

#[derive(Args)]
pub struct Note {
    /// Номер опису / receipt number
    number: String,
    /// Текст / the text
    #[arg(long)]
    text: String,
}

pub fn note(context: &Context<'_>, command: &Note) -> Result<u8, AppError> {
    Ok(changed(context, &context.open()?.note(&command.number, &command.text)?))
}

#[derive(Args)]
pub struct Supplement {
    /// Номер опису / receipt number
    number: String,
    /// Що донесено / what came
    #[arg(long)]
    text: String,
    /// поле=значення, можна кілька / field=value, may be repeated
    #[arg(long)]
    set: Vec<String>,
}

pub fn supplement(context: &Context<'_>, command: &Supplement) -> Result<u8, AppError> {
    let fields = pairs(&command.set)?;
    Ok(changed(context, &context.open()?.supplement(&command.number, &fields, &command.text)?))
}

#[derive(Args)]
pub struct Deliver {
    /// Номер опису / receipt number
    number: String,
    /// Кому і як / to whom and how
    #[arg(long)]
    text: String,
}

pub fn deliver(context: &Context<'_>, command: &Deliver) -> Result<u8, AppError> {
    Ok(changed(context, &context.open()?.deliver(&command.number, &command.text)?))
}

#[derive(Args)]
pub struct Resolve {
    /// Номер опису / receipt number
    number: String,
    /// Поле / the field
    field: String,
    /// Котре зі значень: його позначка в дужках із show або саме значення / which value: its mark in brackets in show, or the value itself
    #[arg(long, required_unless_present = "other", conflicts_with = "other")]
    take: Option<String>,
    /// Інше значення / another value
    #[arg(long)]
    other: Option<String>,
    /// Причина / the reason
    #[arg(long, default_value = "")]
    reason: String,
}

pub fn resolve(context: &Context<'_>, command: &Resolve) -> Result<u8, AppError> {
    let agent = context.open()?;
    let take = match (&command.take, &command.other) {
        (_, Some(other)) => Take::Text(other.clone()),
        (take, None) => Take::Mark(take.clone().unwrap_or_default()),
    };
    Ok(changed(context, &agent.resolve(&command.number, &command.field, &take, &[], &command.reason)?))
}

#[derive(Args)]
pub struct Receipt {
    /// Номер опису / receipt number
    number: String,
    /// Куди записати: HTML, або PDF, якщо назва закінчується на .pdf / where to write: HTML, or PDF for a name in .pdf
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Який папір: заява, згода, опис, лист проходження, усі / which paper
    #[arg(long, default_value = "opys", value_parser = ["application", "consent", "opys", "routing", "all"])]
    paper: String,
    /// Великим шрифтом / in large print
    #[arg(long)]
    large: bool,
}

pub fn receipt(context: &Context<'_>, command: &Receipt) -> Result<u8, AppError> {
    let agent = context.open()?;
    let kinds = crate::app::papers_named(&command.paper).unwrap_or_default();
    let done = agent.papers_to(&command.number, &kinds, command.large, &command.out)?;
    Ok(changed(context, &done))
}

#[derive(Args)]
pub struct Undo {
    /// Номер опису / receipt number
    number: String,
}

pub fn undo(context: &Context<'_>, command: &Undo) -> Result<u8, AppError> {
    Ok(changed(context, &context.open()?.undo_last(&command.number)?))
}

#[derive(Args)]
pub struct CheckCode {
    /// Текст QR-коду VALIZA-S-… або номер / text of the QR code, or a number
    text: String,
}

pub fn check_code(context: &Context<'_>, command: &CheckCode) -> Result<u8, AppError> {
    let found = match context.open()?.check_paper(&command.text)? {
        Ok(found) => found,
        Err(error) => {
            if context.common.json {
                output::json(&serde_json::json!({ "found": "refused", "error": error.to_string() }));
            }
            output::complain(&error.to_string());
            return Ok(exit::REFUSED);
        }
    };
    if context.common.json {
        output::json(&found);
    } else {
        tell_paper(&found);
    }
    let revoked =
        matches!(found, PaperCheck::Genuine { signer: Signer::Revoked { .. } | Signer::RevokedSince { .. }, .. });
    let unknown = matches!(found, PaperCheck::Number { suitcase_known: false, .. });
    Ok(if revoked || unknown { exit::REFUSED } else { exit::DONE })
}

fn tell_paper(found: &PaperCheck) {
    let held = match found {
        PaperCheck::Genuine { statement, service_name, signer, held, .. } => {
            let service = if service_name.is_empty() { &statement.service } else { service_name };
            say(&format!(
                "Код справжній / genuine: {} · {service} · {} · документів / papers {}",
                statement.number,
                moment(statement.at),
                statement.papers
            ));
            match signer {
                Signer::Certified => {}
                Signer::RevokedSince { from } => say(&format!(
                    "Валізу відкликано {}, час на папері заявила вона сама: запитайте центр / the suitcase was revoked since, and the paper's time is its own word: ask the centre",
                    moment(*from)
                )),
                Signer::Expired => say(
                    "Строк посвідчення валізи на той час минув: зателефонуйте до центру / the suitcase's certificate had run out: call the centre",
                ),
                Signer::Revoked { from } => say(&format!(
                    "Валізу відкликано {}: не покладайтеся на папір / the suitcase was revoked: do not rely on the paper",
                    moment(*from)
                )),
            }
            held
        }
        PaperCheck::Number { number, suitcase, suitcase_known, day, held } => {
            let known = if *suitcase_known { "" } else { " (невідома центру / not known)" };
            say(&format!("Номер / number {number} · валіза / suitcase {suitcase}{known} · {}", output::day(day)));
            held
        }
    };
    match held {
        Some(held) => {
            let differs = if held.differs { " · ВІДРІЗНЯЄТЬСЯ / DIFFERS" } else { "" };
            say(&format!("Тут / here: {} · {} · {}{differs}", held.applicant, held.service_name, held.state.0));
        }
        None => say("Звернення на цій валізі немає / the request is not on this suitcase"),
    }
}
