//! A release that is being prepared: its files, what it changes, trying, publishing.

use super::super::ask::{Answer, Ask, Section, said, sentence, status_of};
use super::super::guard::go_to;
use super::catalogue_pages::{changes, draft_name, listed, mode_key};
use super::catalogue_parts::{Block, Filled, Sent, numbered, page, told, written};
use super::typed::Typed;
use crate::app::{Contents, DeskError, DraftPage, SuitcaseState, typed_day};
use ::pages::{ErrorSummary, Field, Notice, Options, SummaryGroup, SummaryList, Texts, Tone, address};
use axum::http::StatusCode;

/// Where a draft's pages are.
pub(super) fn address_of(id: i64) -> String {
    format!("/catalogue/drafts/{id}")
}

/// Begins a draft, from files or from nothing.
pub(crate) async fn begin(ask: Ask, sent: Sent) -> Answer {
    let (title, from) = (sent.get("title"), sent.get("from"));
    let done = ask
        .work(move |desk, by| {
            let from = if from.is_empty() { None } else { Some(typed_day(&from)?) };
            let chosen = sent.files.iter().any(|file| !file.name.is_empty());
            let contents = if chosen { Contents::Files(sent.files) } else { Contents::Newest };
            desk.begin_draft(by, &title, from, contents)
        })
        .await;
    match done {
        Ok(id) => Ok(go_to(&address_of(id))),
        Err(error) => listed(&ask, Some(error)).await,
    }
}

/// Begins a draft with what an older release had.
pub(crate) async fn back(ask: Ask, typed: Typed) -> Answer {
    let done = ask
        .work(move |desk, by| {
            let number = typed.get("release").parse().map_err(|_| no_number())?;
            desk.begin_draft(
                by,
                &format!("Як у випуску {number} / As in release {number}"),
                None,
                Contents::Release(number),
            )
        })
        .await;
    match done {
        Ok(id) => Ok(go_to(&address_of(id))),
        Err(error) => listed(&ask, Some(error)).await,
    }
}

fn no_number() -> DeskError {
    DeskError::refused("виберіть випуск зі списку", "choose a release from the list")
}

/// One draft.
pub(crate) async fn draft(ask: Ask) -> Answer {
    shown(&ask, &Typed::default(), None).await
}

async fn shown(ask: &Ask, typed: &Typed, error: Option<DeskError>) -> Answer {
    let id = match numbered(ask, "draft") {
        Ok(id) => id,
        Err(error) => return Err(ask.refusal(&error).await),
    };
    let (draft, suitcases) = ask
        .get(move |desk, by| {
            let live = desk.suitcases()?.into_iter().filter(|row| matches!(row.state, SuitcaseState::Live));
            let mut numbers: Vec<u16> = live.map(|row| row.number).collect();
            numbers.dedup();
            Ok((desk.draft(by, id)?, numbers))
        })
        .await?;
    let t = ask.t;
    let mut frame = ask.page(draft_name(t, &draft.row), Some(Section::Catalogue)).await;
    frame.errors = error.as_ref().map(|error| ErrorSummary::plain(t, sentence(t, error)));
    let done = ask.query("done");
    if matches!(done.as_str(), "try" | "edit" | "upload" | "set" | "drop") {
        frame.notices.push(Notice::new(Tone::Ok, t.text(&format!("draft-done-{done}"))));
    }
    let mut blocks =
        vec![Block::Facts(about(t, &draft)), Block::Heading("changes", t.with("draft-against", "number", draft.base))];
    if draft.faults.is_empty() {
        blocks.push(changes(t, &draft.changes));
        blocks.extend(sooner(t, &draft));
        blocks.extend(to_edit(t, &draft));
        blocks.extend(to_try(t, &draft, &suitcases, typed));
        blocks.extend(to_publish(t, &draft, typed));
    } else {
        blocks.extend(faults(t, &draft));
    }
    blocks.extend(to_change(t, &draft, typed));
    Ok(page(error.map_or(StatusCode::OK, |error| status_of(error.kind)), frame, blocks))
}

fn about(t: Texts, draft: &DraftPage) -> SummaryList {
    let mut group = SummaryGroup::new(t.text("draft-about"), "")
        .row(t.text("draft-number"), draft.number.to_string())
        .row(t.text("release-from"), written(draft.row.effective_from))
        .row(
            t.text("draft-changed"),
            format!("{} · {}", ::pages::format::date_time(clock::Time(draft.row.at)), draft.row.by),
        );
    for (number, suitcases) in &draft.trials {
        let suitcases: Vec<String> = suitcases.iter().map(u16::to_string).collect();
        let words =
            t.say("draft-tried-by", &[("number", (*number).into()), ("suitcases", suitcases.join(", ").into())]);
        group = group.row(t.text("draft-tried"), words);
    }
    if let Some(number) = draft.begun_from {
        group = group.row(t.text("draft-begun"), t.with("draft-begun-from", "number", number));
    }
    SummaryList { t, groups: vec![group] }
}

/// Everything that is wrong with the files: file, line, service, field, and what to do.
fn faults(t: Texts, draft: &DraftPage) -> Vec<Block> {
    let words = draft.faults.iter().map(|fault| format!("{}: {}", fault.place(), told(t, &fault.sentence())));
    let notice =
        Notice::new(Tone::Stop, t.count("draft-faults-words", draft.faults.len())).title(t.text("draft-faults"));
    vec![Block::Notice(notice), Block::List(words.collect())]
}

/// What the draft changes against what is in force on its first day, where that is not what it is built on.
fn sooner(t: Texts, draft: &DraftPage) -> Vec<Block> {
    let Some((number, found)) = &draft.sooner else { return Vec::new() };
    let day = written(draft.row.effective_from);
    let heading = t.say("draft-against-in-force", &[("number", (*number).into()), ("day", day.into())]);
    vec![Block::Heading("in-force", heading), changes(t, found)]
}

fn to_edit(t: Texts, draft: &DraftPage) -> Vec<Block> {
    let address = address_of(draft.row.id);
    let mut blocks = vec![
        Block::Heading("edit", t.text("draft-edit")),
        Block::Words(t.text("draft-edit-words")),
        Block::Links(vec![(format!("{address}/shared"), t.text("draft-shared"))]),
    ];
    for (group, lines) in draft.groups() {
        let words = format!("{} ({})", said(t, &group.uk, &group.en), lines.len());
        let items = lines.iter().map(|line| {
            let href = format!("{address}/services/{}", address::encode(&line.slug));
            let term = line.term.as_ref().map_or_else(|| t.text("to-be-confirmed"), |term| said(t, &term.uk, &term.en));
            let fee = said(t, &line.fee.uk, &line.fee.en);
            (href, [said(t, &line.name.uk, &line.name.en), t.text(&mode_key(line.mode)), term, fee].join(" · "))
        });
        blocks.push(Block::Folded(words, items.collect()));
    }
    blocks
}

fn to_try(t: Texts, draft: &DraftPage, suitcases: &[u16], typed: &Typed) -> Vec<Block> {
    let mut blocks = vec![Block::Heading("try", t.text("draft-try")), Block::Words(t.text("draft-try-words"))];
    if suitcases.is_empty() {
        blocks.push(Block::Words(t.text("no-suitcases")));
        return blocks;
    }
    let all = suitcases.iter().map(|number| (number.to_string(), t.with("suitcase-n", "number", number)));
    let chosen = typed.get("suitcase");
    let choice = Options::new(all, &[chosen.as_str()]);
    let fields = vec![
        Field::select(t, "suitcase", t.text("col-suitcase"), choice),
        Field::date(t, "trial-from", t.text("draft-trial-from"))
            .hint(t.text("draft-trial-from-hint"))
            .value(typed.get("trial-from"))
            .optional(),
    ];
    let form = Filled::new(format!("{}/try", address_of(draft.row.id)), t.text("draft-try-button"), fields)
        .hidden("revision", draft.revision);
    blocks.push(Block::Form(form));
    blocks
}

fn to_publish(t: Texts, draft: &DraftPage, typed: &Typed) -> Vec<Block> {
    let mut blocks = vec![Block::Heading("publish", t.text("draft-publish"))];
    if draft.changes.is_empty() {
        blocks.push(Block::Words(t.text("draft-nothing")));
        return blocks;
    }
    let counts = [("number", draft.number.into()), ("day", written(draft.row.effective_from).into())];
    blocks.push(Block::Words(t.say("draft-publish-words", &counts)));
    blocks.extend(draft.cautions.iter().map(|caution| Block::Notice(Notice::new(Tone::Wait, told(t, caution)))));
    let number = Field::digits(t, "number", t.text("draft-type-number"))
        .wide(6)
        .hint(t.with("draft-type-number-hint", "number", draft.number))
        .value(typed.get("number"));
    let reason = Field::text(t, "reason", t.text("draft-reason")).value(typed.get("reason"));
    let reason = match (draft.late, &draft.sooner) {
        (true, _) => reason.hint(t.text("draft-late-hint")),
        (_, Some(_)) => reason.hint(t.text("draft-sooner-hint")),
        _ => reason.optional(),
    };
    let form = Filled::new(
        format!("{}/publish", address_of(draft.row.id)),
        t.text("draft-publish-button"),
        vec![number, reason],
    );
    blocks.push(Block::Form(form.hidden("revision", draft.revision).tone("button-stop")));
    blocks
}

/// What can be done with a draft whether it has faults or not.
fn to_change(t: Texts, draft: &DraftPage, typed: &Typed) -> Vec<Block> {
    let address = address_of(draft.row.id);
    let title = if typed.get("title").is_empty() { draft.row.title.clone() } else { typed.get("title") };
    let from = if typed.get("from").is_empty() { written(draft.row.effective_from) } else { typed.get("from") };
    let fields = vec![
        Field::text(t, "title", t.text("draft-title")).value(title).optional(),
        Field::date(t, "from", t.text("draft-from")).value(from),
    ];
    let set = Filled::new(format!("{address}/set"), t.text("draft-set"), fields).hidden("revision", draft.revision);
    let upload = Filled::new(format!("{address}/files"), t.text("draft-upload-button"), Vec::new())
        .hidden("revision", draft.revision)
        .upload(t.text("draft-files"), t.text("draft-files-hint"));
    let mut blocks = vec![
        Block::Heading("when", t.text("draft-when")),
        Block::Form(set),
        Block::Heading("files-of-draft", t.text("draft-own-files")),
        Block::Words(t.with("draft-own-files-words", "number", draft.base)),
    ];
    for (name, gone) in &draft.files {
        let words = if *gone { t.with("draft-file-gone", "name", name) } else { name.clone() };
        let form = Filled::new(format!("{address}/drop"), t.with("draft-file-drop", "name", words), Vec::new());
        blocks.push(Block::Form(form.hidden("revision", draft.revision).hidden("name", name)));
    }
    let discard = Filled::new(format!("{address}/discard"), t.text("draft-discard"), Vec::new())
        .hidden("revision", draft.revision)
        .tone("button-quiet");
    blocks.extend([Block::Form(upload), Block::Heading("away", t.text("draft-away")), Block::Form(discard)]);
    blocks.push(Block::Links(vec![("/catalogue".into(), t.text("to-catalogue"))]));
    blocks
}

/// After something was done to a draft: its page, which says so, or why not.
async fn after(ask: &Ask, typed: &Typed, done: Result<&'static str, DeskError>) -> Answer {
    match done {
        Ok(done) => Ok(go_to(&format!("/catalogue/drafts/{}?done={done}", ask.param("draft")))),
        Err(error) => shown(ask, typed, Some(error)).await,
    }
}

/// The revision that a form was made from.
pub(super) fn revision(text: &str) -> Result<i64, DeskError> {
    text.parse().map_err(|_| DeskError::refused("оновіть сторінку і повторіть", "reload the page and try again"))
}

/// Another title or first day.
pub(crate) async fn set(ask: Ask, typed: Typed) -> Answer {
    let (id, given) = (numbered(&ask, "draft"), typed.clone());
    let work = move |desk: &crate::app::Desk, by: &str| {
        let day = typed_day(&given.get("from"))?;
        desk.set_draft(by, id?, revision(&given.get("revision"))?, &given.get("title"), day)
    };
    let done = ask.work(work).await.map(|()| "set");
    after(&ask, &typed, done).await
}

/// Files in place of those that the draft has.
pub(crate) async fn upload(ask: Ask, sent: Sent) -> Answer {
    let id = numbered(&ask, "draft");
    let work =
        move |desk: &crate::app::Desk, by: &str| desk.upload(by, id?, revision(&sent.get("revision"))?, sent.files);
    let done = ask.work(work).await.map(|()| "upload");
    after(&ask, &Typed::default(), done).await
}

/// Forgets one of its files.
pub(crate) async fn drop_file(ask: Ask, typed: Typed) -> Answer {
    let (id, given) = (numbered(&ask, "draft"), typed.clone());
    let work = move |desk: &crate::app::Desk, by: &str| {
        desk.drop_draft_file(by, id?, revision(&given.get("revision"))?, &given.get("name"))
    };
    let done = ask.work(work).await.map(|()| "drop");
    after(&ask, &typed, done).await
}

/// Publishes it for one suitcase.
pub(crate) async fn try_on(ask: Ask, typed: Typed) -> Answer {
    let (id, given) = (numbered(&ask, "draft"), typed.clone());
    let work = move |desk: &crate::app::Desk, by: &str| {
        let suitcase = given
            .get("suitcase")
            .parse()
            .map_err(|_| DeskError::refused("виберіть валізу для проби", "choose a suitcase for the trial"))?;
        let from = match given.get("trial-from") {
            from if from.is_empty() => desk.day(),
            from => typed_day(&from)?,
        };
        desk.try_draft(by, id?, revision(&given.get("revision"))?, &[suitcase], from)
    };
    let done = ask.work(work).await.map(|_| "try");
    after(&ask, &typed, done).await
}

/// Publishes it for everybody.
pub(crate) async fn publish(ask: Ask, typed: Typed) -> Answer {
    let (id, given) = (numbered(&ask, "draft"), typed.clone());
    let work = move |desk: &crate::app::Desk, by: &str| {
        desk.publish_draft(by, id?, revision(&given.get("revision"))?, &given.get("number"), &given.get("reason"))
    };
    match ask.work(work).await {
        Ok(_) => Ok(go_to("/catalogue?done=publish")),
        Err(error) => after(&ask, &typed, Err(error)).await,
    }
}

/// Throws it away.
pub(crate) async fn discard(ask: Ask, typed: Typed) -> Answer {
    let (id, given) = (numbered(&ask, "draft"), typed.clone());
    match ask.work(move |desk, by| desk.discard_draft(by, id?, revision(&given.get("revision"))?)).await {
        Ok(()) => Ok(go_to("/catalogue?done=discard")),
        Err(error) => after(&ask, &typed, Err(error)).await,
    }
}

/// Gives a suitcase back what everybody uses.
pub(crate) async fn end_trial(ask: Ask, typed: Typed) -> Answer {
    let work = move |desk: &crate::app::Desk, by: &str| {
        let suitcase = typed.get("suitcase");
        let reason = typed.get(&format!("reason-{suitcase}"));
        desk.end_trial(by, suitcase.parse().map_err(|_| no_number())?, &reason)
    };
    match ask.work(work).await {
        Ok(_) => Ok(go_to("/catalogue/who?done=ended")),
        Err(error) => listed(&ask, Some(error)).await,
    }
}
