//! The catalogue: its releases, one release, one service as the officer sees it, who has which release.

use super::super::ask::{Answer, Ask, Section, said, sentence, status_of};
use super::catalogue_parts::{Block, Filled, numbered, page, told, written};
use super::queue::age;
use crate::app::{
    Change, DeskError, DraftRow, Holder, HolderState, Rank, ReleasePage, ReleaseRow, ReleaseState, ServiceCard,
    ServiceLine, Text,
};
use ::pages::format::{bytes, date_time};
use ::pages::{
    Cell, Column, ErrorSummary, Field, Notice, Row, SummaryGroup, SummaryList, SummaryRow, Table, Tag, Texts, Tone,
    address,
};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use clock::Time;

/// All releases and, for administrators, the drafts.
pub(crate) async fn list(ask: Ask) -> Answer {
    listed(&ask, None).await
}

pub(super) async fn listed(ask: &Ask, error: Option<DeskError>) -> Answer {
    let t = ask.t;
    let decides = ask.worker.rank >= Rank::Administrator;
    let (rows, drafts, holders) = ask
        .get(move |desk, by| {
            let drafts = if decides { desk.drafts(by)? } else { Vec::new() };
            Ok((desk.release_rows(by)?, drafts, desk.release_holders()?))
        })
        .await?;
    let mut frame = ask.page(t.text("catalogue"), Some(Section::Catalogue)).await;
    frame.errors = error.as_ref().map(|error| ErrorSummary::plain(t, sentence(t, error)));
    let done = ask.query("done");
    if matches!(done.as_str(), "publish" | "discard") {
        frame.notices.push(Notice::new(Tone::Ok, t.text(&format!("catalogue-done-{done}"))));
    }
    let mut blocks = vec![Block::Words(t.text("catalogue-words")), Block::Table(releases(t, &rows))];
    let have = holders.iter().filter(|holder| holder.state == HolderState::Has).count();
    let counts = [("have", have.into()), ("all", holders.len().into())];
    blocks.push(Block::Words(t.say("catalogue-have", &counts)));
    blocks.push(Block::Links(vec![("/catalogue/who".into(), t.text("catalogue-who"))]));
    if decides {
        blocks.extend([Block::Heading("drafts", t.text("catalogue-drafts")), Block::Table(draft_table(t, &drafts))]);
        blocks.push(Block::Heading("new-draft", t.text("draft-new")));
        blocks.push(Block::Form(
            Filled::new(
                "/catalogue/drafts",
                t.text("draft-begin"),
                vec![
                    Field::text(t, "title", t.text("draft-title")).hint(t.text("draft-title-hint")).optional(),
                    Field::date(t, "from", t.text("draft-from")).hint(t.text("draft-from-hint")).optional(),
                ],
            )
            .upload(t.text("draft-files"), t.text("draft-files-hint"))
            .tone("button-primary"),
        ));
    }
    Ok(page(error.map_or(StatusCode::OK, |error| status_of(error.kind)), frame, blocks))
}

fn releases(t: Texts, rows: &[ReleaseRow]) -> Table {
    let heads = ["release", "release-from", "col-state", "release-changes", "release-published", "release-digest"];
    let row = |row: &ReleaseRow| Row {
        cells: vec![
            match row.state {
                ReleaseState::Refused => Cell::Text(t.with("catalogue-release-n", "number", row.number)),
                _ => Cell::Link(release_address(row.number), t.with("catalogue-release-n", "number", row.number)),
            },
            Cell::Text(super::facts::day(&row.effective_from)),
            Cell::State(state(t, row)),
            Cell::Text(if row.published.is_none() { String::new() } else { row.changes.to_string() }),
            published(t, row),
            Cell::Text(row.digest.clone()),
        ],
        marked: row.state == ReleaseState::Refused,
    };
    Table {
        t,
        caption: t.text("catalogue-releases"),
        quiet_caption: true,
        columns: heads
            .map(|key| {
                let column = Column::new(t.text(key));
                if key == "release-changes" { column.figures() } else { column }
            })
            .into(),
        rows: rows.iter().map(row).collect(),
        empty: String::new(),
    }
}

fn published(t: Texts, row: &ReleaseRow) -> Cell {
    match (&row.published, &row.refused) {
        (_, Some(why)) => Cell::Text(told(t, why)),
        (Some(by), _) => Cell::Lines(
            date_time(Time(by.at)),
            [by.by.as_str(), by.reason.as_str()].join(" · ").trim_end_matches(" · ").to_owned(),
        ),
        (None, _) => Cell::Text(t.text("release-with-program")),
    }
}

fn state(t: Texts, row: &ReleaseRow) -> Tag {
    let tone = match row.state {
        ReleaseState::InForce => Tone::Ok,
        ReleaseState::Coming | ReleaseState::Trial => Tone::Wait,
        ReleaseState::Refused => Tone::Stop,
        ReleaseState::Replaced | ReleaseState::TrialOver => Tone::Plain,
    };
    let suitcases: Vec<String> = row.suitcases.iter().map(u16::to_string).collect();
    Tag::new(t.with(&format!("release-{}", row.state.text()), "suitcases", suitcases.join(", ")), tone)
}

pub(super) fn release_address(number: u32) -> String {
    format!("/catalogue/releases/{number}")
}

fn draft_table(t: Texts, drafts: &[DraftRow]) -> Table {
    let row = |draft: &DraftRow| Row {
        cells: vec![
            Cell::Link(format!("/catalogue/drafts/{}", draft.id), draft_name(t, draft)),
            Cell::Text(written(draft.effective_from)),
            Cell::Lines(date_time(Time(draft.at)), draft.by.clone()),
        ],
        marked: false,
    };
    Table {
        t,
        caption: t.text("catalogue-drafts"),
        quiet_caption: true,
        columns: ["draft", "release-from", "draft-changed"].map(|key| Column::new(t.text(key))).into(),
        rows: drafts.iter().map(row).collect(),
        empty: t.text("no-drafts"),
    }
}

pub(super) fn draft_name(t: Texts, draft: &DraftRow) -> String {
    if draft.title.is_empty() { t.with("draft-n", "number", draft.id) } else { draft.title.clone() }
}

/// What changed, each service or shared part a sentence.
pub(super) fn changes(t: Texts, changes: &[Change]) -> Block {
    if changes.is_empty() {
        return Block::Words(t.text("no-changes"));
    }
    Block::List(changes.iter().map(|change| told(t, &change.words())).collect())
}

/// One release.
pub(crate) async fn release(ask: Ask) -> Answer {
    let number = match numbered(&ask, "release") {
        Ok(number) => number,
        Err(error) => return Err(ask.refusal(&error).await),
    };
    let shown = ask.get(move |desk, by| desk.release_page(by, number)).await?;
    let t = ask.t;
    let frame = ask.page(t.with("release-title", "number", number), Some(Section::Catalogue)).await;
    let mut blocks = vec![Block::Facts(about(t, &shown))];
    blocks.push(Block::Heading("changes", before_words(t, &shown)));
    if shown.before.is_some() {
        blocks.push(changes(t, &shown.changes));
    }
    if ask.worker.rank >= Rank::Administrator {
        let back = Filled::new("/catalogue/drafts/back", t.with("roll-back", "number", number), Vec::new());
        blocks.extend([Block::Words(t.text("roll-back-words")), Block::Form(back.hidden("release", number))]);
    }
    blocks.extend([Block::Heading("services", t.text("catalogue-services")), Block::Words(t.text("services-words"))]);
    for (group, lines) in &shown.groups {
        let words = format!("{} ({})", said(t, &group.uk, &group.en), lines.len());
        let link = |line: &ServiceLine| (service_address(number, &line.slug), line_words(t, line));
        blocks.push(Block::Folded(words, lines.iter().map(link).collect()));
    }
    blocks.extend(unknown(t, &shown, number));
    blocks.push(Block::Heading("files", t.text("release-files")));
    let file = |(name, size): &(String, u64)| {
        let size = bytes(*size, t.lang);
        (address::with(&format!("{}/file", release_address(number)), "name", name), format!("{name} · {size}"))
    };
    blocks.push(Block::Links(vec![(format!("{}/file", release_address(number)), t.text("release-archive"))]));
    blocks.push(Block::Folded(t.text("release-files-each"), shown.files.iter().map(file).collect()));
    blocks.push(Block::Links(vec![("/catalogue".into(), t.text("to-catalogue"))]));
    Ok(page(StatusCode::OK, frame, blocks))
}

fn about(t: Texts, shown: &ReleasePage) -> SummaryList {
    let row = &shown.row;
    let published = match &row.published {
        Some(by) => format!("{} · {}", date_time(Time(by.at)), by.by),
        None => t.text("release-with-program"),
    };
    let mut group = SummaryGroup::new(t.text("release-about"), "")
        .row(t.text("col-state"), state(t, row).word)
        .row(t.text("release-from"), super::facts::day(&row.effective_from))
        .row(t.text("release-published"), published)
        .row(t.text("release-digest"), row.digest.clone());
    if let Some(reason) = row.published.as_ref().map(|by| by.reason.clone()).filter(|reason| !reason.is_empty()) {
        group = group.row(t.text("release-reason"), reason);
    }
    SummaryList { t, groups: vec![group] }
}

fn before_words(t: Texts, shown: &ReleasePage) -> String {
    match shown.before {
        Some(before) => t.with("release-against", "number", before),
        None => t.text("release-first"),
    }
}

fn line_words(t: Texts, line: &ServiceLine) -> String {
    let term = line.term.as_ref().map_or_else(|| t.text("to-be-confirmed"), |term| said(t, &term.uk, &term.en));
    let fee = said(t, &line.fee.uk, &line.fee.en);
    [said(t, &line.name.uk, &line.name.en), t.text(&mode_key(line.mode)), term, fee].join(" · ")
}

pub(super) fn mode_key(mode: &str) -> String {
    format!("mode-{}", mode.replace('_', "-"))
}

fn service_address(number: u32, slug: &str) -> String {
    format!("{}/services/{}", release_address(number), address::encode(slug))
}

fn unknown(t: Texts, shown: &ReleasePage, number: u32) -> Vec<Block> {
    let counts = [("fees", shown.lacks.0.into()), ("terms", shown.lacks.1.into())];
    let items = shown.unknown.iter().map(|one| {
        let lacks = [(one.fee, "lacks-fee"), (one.term, "lacks-term")];
        let lacks: Vec<String> = lacks.iter().filter(|(lacks, _)| *lacks).map(|(_, key)| t.text(key)).collect();
        let name = said(t, &one.name.uk, &one.name.en);
        (service_address(number, &one.slug), format!("{name} · {}", lacks.join(", ")))
    });
    vec![
        Block::Heading("unknown", t.text("release-unknown")),
        Block::Words(t.say("release-unknown-words", &counts)),
        Block::Folded(t.text("release-unknown-list"), items.collect()),
    ]
}

/// One service of a release, as the officer sees it.
pub(crate) async fn service(ask: Ask) -> Answer {
    let (number, slug) = (numbered::<u32>(&ask, "release"), ask.param("service"));
    let number = match number {
        Ok(number) => number,
        Err(error) => return Err(ask.refusal(&error).await),
    };
    let card = ask.get(move |desk, by| desk.service_card(by, number, &slug)).await?;
    let t = ask.t;
    let frame = ask.page(said(t, &card.line.name.uk, &card.line.name.en), Some(Section::Catalogue)).await;
    let words = t.with("service-of-release", "number", number);
    let back = (release_address(number), t.with("to-release", "number", number));
    Ok(page(StatusCode::OK, frame, vec![Block::Words(words), Block::Facts(facts(t, &card)), Block::Links(vec![back])]))
}

/// Everything a service says.
pub(super) fn facts(t: Texts, card: &ServiceCard) -> SummaryList {
    let text = |text: &Text| said(t, &text.uk, &text.en);
    let known = |term: &Option<Text>| term.as_ref().map_or_else(|| t.text("to-be-confirmed"), &text);
    let many = |key: &str, all: &[Text]| SummaryRow {
        value: all.iter().map(&text).collect(),
        ..SummaryRow::new(t.text(key), "")
    };
    let line = &card.line;
    let mut at_home = SummaryGroup::new(t.text("service-at-home"), "")
        .row(t.text("service-group"), text(&card.group))
        .row(t.text("service-mode"), t.text(&mode_key(line.mode)));
    at_home.rows.push(many("service-needs", &card.needs));
    at_home.rows.push(many("service-authorities", &card.authorities));
    let mut cost = SummaryGroup::new(t.text("service-cost"), "").row(t.text("service-fee"), text(&line.fee));
    cost.rows.extend(card.fee_basis.as_ref().map(|basis| SummaryRow::new(t.text("service-fee-basis"), text(basis))));
    cost.rows.extend(card.payee.as_ref().map(|payee| SummaryRow::new(t.text("service-payee"), text(payee))));
    cost.rows.push(many("service-exempt", &card.exempt));
    cost = cost.row(t.text("service-term"), known(&line.term));
    cost.rows.push(many("service-other-terms", &card.other_terms));
    let mut papers = SummaryGroup::new(t.text("papers"), "");
    papers.rows = card
        .papers
        .iter()
        .map(|(name, form, when, confirmed)| SummaryRow {
            value: std::iter::once(form).chain(when).map(&text).collect(),
            remark: if *confirmed { String::new() } else { t.text("not-confirmed") },
            ..SummaryRow::new(text(name), "")
        })
        .collect();
    let mut known_from = SummaryGroup::new(t.text("service-known-from"), "");
    known_from.rows.push(many("service-results", &card.results));
    known_from.rows.push(SummaryRow { value: card.acts.clone(), ..SummaryRow::new(t.text("service-acts"), "") });
    known_from.rows.extend(card.note.as_ref().map(|note| SummaryRow::new(t.text("service-note"), text(note))));
    let sources = card.sources.iter().map(|(title, url)| format!("{title} — {url}")).collect();
    known_from.rows.push(SummaryRow { value: sources, ..SummaryRow::new(t.text("service-sources"), "") });
    SummaryList { t, groups: vec![at_home, cost, papers, known_from] }
}

/// A file of a release, or all of them in one.
pub(crate) async fn file(ask: Ask) -> Answer {
    let number: u32 = match numbered(&ask, "release") {
        Ok(number) => number,
        Err(error) => return Err(ask.refusal(&error).await),
    };
    let name = ask.query("name");
    let given = name.clone();
    let text = ask.get(move |desk, by| desk.release_file(by, number, &given)).await?;
    let base = if name.is_empty() { "catalogue".to_owned() } else { name.replace('/', "-") };
    let base = base.trim_end_matches(".json");
    let saved = if base.ends_with(".txt") { base.to_owned() } else { format!("{base}.json") };
    let head = [
        (CONTENT_TYPE, "application/octet-stream".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"release-{number}-{saved}\"")),
    ];
    Ok((head, text).into_response())
}

/// Which suitcase has which release.
pub(crate) async fn who(ask: Ask) -> Answer {
    let (holders, now) = ask.get(|desk, _| Ok((desk.release_holders()?, desk.clock().now()))).await?;
    let t = ask.t;
    let mut frame = ask.page(t.text("catalogue-who"), Some(Section::Catalogue)).await;
    if ask.query("done") == "ended" {
        frame.notices.push(Notice::new(Tone::Ok, t.text("catalogue-done-ended")));
    }
    let mut blocks = vec![Block::Words(t.text("who-words")), Block::Table(holder_table(t, &holders, now))];
    if ask.worker.rank >= Rank::Administrator {
        for holder in holders.iter().filter(|holder| holder.trial.is_some()) {
            let end = Filled::new(
                "/catalogue/trials/end",
                t.with("trial-end", "number", holder.suitcase),
                vec![Field::text(t, format!("reason-{}", holder.suitcase), t.text("trial-end-reason")).optional()],
            );
            blocks.push(Block::Form(end.hidden("suitcase", holder.suitcase)));
        }
    }
    blocks.push(Block::Links(vec![("/catalogue".into(), t.text("to-catalogue"))]));
    Ok(page(StatusCode::OK, frame, blocks))
}

fn holder_table(t: Texts, holders: &[Holder], now: Time) -> Table {
    let row = |holder: &Holder| {
        let (tone, key) = match holder.state {
            HolderState::Has => (Tone::Ok, "holder-has"),
            HolderState::NotYet => (Tone::Wait, "holder-not-yet"),
            HolderState::Refused(_) => (Tone::Stop, "holder-refused"),
        };
        let trial = holder.trial.map(|number| t.with("holder-trial", "number", number)).unwrap_or_default();
        let why = match &holder.state {
            HolderState::Refused(reason) => reason.clone(),
            _ => trial,
        };
        Row {
            cells: vec![
                Cell::Lines(t.with("suitcase-n", "number", holder.suitcase), holder.name.clone()),
                Cell::Text(holder.has.to_string()),
                Cell::Text(holder.newest.to_string()),
                Cell::State(Tag::new(t.text(key), tone)),
                Cell::Text(why),
                match holder.heard_at {
                    Some(at) => Cell::Lines(age(t, now.since(Time(at)).as_secs()), date_time(Time(at))),
                    None => Cell::Text(t.text("never-heard")),
                },
            ],
            marked: matches!(holder.state, HolderState::Refused(_)),
        }
    };
    let heads = ["col-suitcase", "holder-number", "holder-newest", "col-state", "holder-remark", "col-heard"];
    Table {
        t,
        caption: t.text("catalogue-who"),
        quiet_caption: true,
        columns: heads.map(|key| Column::new(t.text(key))).into(),
        rows: holders.iter().map(row).collect(),
        empty: t.text("no-suitcases"),
    }
}
