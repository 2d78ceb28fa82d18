//! Changing a draft without files: a service; base amounts and the calendar.

use super::super::ask::{Answer, Ask, Section, said, sentence, status_of};
use super::super::guard::go_to;
use super::catalogue_draft::{address_of, revision};
use super::catalogue_pages::{facts, mode_key};
use super::catalogue_parts::{Block, Filled, numbered, page, written};
use super::typed::Typed;
use crate::app::{
    CatalogueEdit, DeskError, NewPrice, NewTerm, PricePlace, ServiceCard, SharedCard, Text, mode_of, typed_day,
};
use ::pages::{Cell, Column, ErrorSummary, Field, Options, Row, Table, Texts, address};
use axum::http::StatusCode;

const MODES: [&str; 4] = ["complete_on_site", "intake_only", "online_assist", "not_available"];
const UNITS: [&str; 5] = ["working", "calendar", "day", "month", "hour"];

/// A service of a draft, to be changed.
pub(crate) async fn service(ask: Ask) -> Answer {
    service_form(&ask, None).await
}

async fn service_form(ask: &Ask, tried: Option<(&Typed, DeskError)>) -> Answer {
    let (id, slug) = (numbered::<i64>(ask, "draft"), ask.param("service"));
    let (card, draft, shared) = ask
        .get(move |desk, by| {
            let id = id?;
            Ok((desk.draft_service(by, id, &slug)?, desk.draft(by, id)?, desk.draft_shared(by, id)?))
        })
        .await?;
    let t = ask.t;
    let mut frame = ask.page(said(t, &card.line.name.uk, &card.line.name.en), Some(Section::Catalogue)).await;
    frame.errors = tried.as_ref().map(|(_, error)| ErrorSummary::plain(t, sentence(t, error)));
    let fields = service_fields(t, &card, &shared, tried.as_ref().map(|(typed, _)| *typed));
    let to = format!("{}/services/{}", address_of(draft.row.id), address::encode(&card.line.slug));
    let form = Filled::new(to, t.text("edit-save"), fields).hidden("revision", draft.revision).tone("button-primary");
    let day = t.with("edit-service-words", "day", written(draft.row.effective_from));
    let blocks = vec![
        Block::Words(day),
        Block::Form(form),
        Block::Heading("as-shown", t.text("edit-as-shown")),
        Block::Facts(facts(t, &card)),
        Block::Links(vec![(address_of(draft.row.id), t.text("to-draft"))]),
    ];
    Ok(page(tried.map_or(StatusCode::OK, |(_, error)| status_of(error.kind)), frame, blocks))
}

/// The fields as typed, else as the draft has them.
fn service_fields(t: Texts, card: &ServiceCard, shared: &SharedCard, typed: Option<&Typed>) -> Vec<Field> {
    let value = |name: &str, now: &str| typed.map_or_else(|| now.to_owned(), |typed| typed.get(name));
    let mut fields = Vec::new();
    for (at, (place, when, price)) in card.prices.iter().enumerate() {
        let label = price_label(t, *place, when.as_ref());
        let (kind, amount) = price_typed(price);
        let (kind_name, value_name) = (format!("price-{at}-kind"), format!("price-{at}-value"));
        let kind = value(&kind_name, &kind);
        let options = Options::new(price_kinds(t, *place, shared), &[kind.as_str()]);
        fields.push(Field::select(t, kind_name, label.clone(), options));
        let amount = value(&value_name, &amount);
        let field = Field::digits(t, value_name, t.with("edit-price-value", "what", label));
        fields.push(field.hint(t.text("edit-price-hint")).value(amount).optional());
    }
    let term = Field::digits(t, "term", t.text("edit-term")).wide(6).hint(t.text("edit-term-hint"));
    fields.push(term.value(value("term", &card.term.0)).optional());
    let unit = value("unit", card.term.1);
    let units = UNITS.map(|unit| (unit, t.text(&format!("unit-{unit}"))));
    fields.push(Field::select(t, "unit", t.text("edit-unit"), Options::new(units, &[unit.as_str()])));
    let mode = value("mode", card.line.mode);
    let modes = MODES.map(|mode| (mode, t.text(&mode_key(mode))));
    fields.push(Field::choice(t, "mode", t.text("service-mode"), Options::new(modes, &[mode.as_str()])));
    let note = |get: fn(&Text) -> &String| card.note.as_ref().map(get).cloned().unwrap_or_default();
    fields
        .push(Field::lines(t, "note-uk", t.text("edit-note-uk")).value(value("note-uk", &note(|n| &n.uk))).optional());
    fields
        .push(Field::lines(t, "note-en", t.text("edit-note-en")).value(value("note-en", &note(|n| &n.en))).optional());
    fields
}

fn price_label(t: Texts, place: PricePlace, when: Option<&Text>) -> String {
    let when = when.map(|when| said(t, &when.uk, &when.en)).unwrap_or_default();
    match place {
        PricePlace::Usual => t.text("edit-price-usual"),
        PricePlace::Variant(_) => t.with("edit-price-variant", "when", when),
        PricePlace::Surcharge(_) => t.with("edit-price-surcharge", "when", when),
    }
}

fn price_kinds(t: Texts, place: PricePlace, shared: &SharedCard) -> Vec<(String, String)> {
    let mut kinds: Vec<(String, String)> = Vec::new();
    if place == PricePlace::Usual {
        kinds.push(("not-known".into(), t.text("price-not-known")));
    }
    kinds.push(("free".into(), t.text("price-free")));
    kinds.push(("amount-not-known".into(), t.text("price-amount-not-known")));
    kinds.push(("amount".into(), t.text("price-amount")));
    let share = |(key, name, _): &(String, Text, Vec<_>)| {
        (format!("share:{key}"), t.with("price-share", "base", said(t, &name.uk, &name.en)))
    };
    kinds.extend(shared.bases.iter().map(share));
    kinds
}

fn price_typed(price: &NewPrice) -> (String, String) {
    match price {
        NewPrice::NotKnown => ("not-known".into(), String::new()),
        NewPrice::Free => ("free".into(), String::new()),
        NewPrice::AmountNotKnown => ("amount-not-known".into(), String::new()),
        NewPrice::Amount(amount) => ("amount".into(), amount.clone()),
        NewPrice::Share(percent, base) => (format!("share:{base}"), percent.clone()),
    }
}

fn price_of(kind: &str, value: String) -> Result<NewPrice, DeskError> {
    Ok(match kind {
        "not-known" => NewPrice::NotKnown,
        "free" => NewPrice::Free,
        "amount-not-known" => NewPrice::AmountNotKnown,
        "amount" => NewPrice::Amount(value),
        other => match other.strip_prefix("share:") {
            Some(base) => NewPrice::Share(value, base.to_owned()),
            None => return Err(DeskError::refused("виберіть, яка плата", "choose what kind of fee it is")),
        },
    })
}

/// Keeps what was typed about a service.
pub(crate) async fn set_service(ask: Ask, typed: Typed) -> Answer {
    let (id, slug, given) = (numbered::<i64>(&ask, "draft"), ask.param("service"), typed.clone());
    let work = move |desk: &crate::app::Desk, by: &str| {
        let id = id?;
        let card = desk.draft_service(by, id, &slug)?;
        let price = |(at, (place, ..)): (usize, &(PricePlace, _, _))| {
            let get = |part: &str| given.get(&format!("price-{at}-{part}"));
            Ok((*place, price_of(&get("kind"), get("value"))?))
        };
        let mode = mode_of(&given.get("mode")).ok_or_else(|| {
            DeskError::refused("виберіть, що можна зробити вдома", "choose what may be done at a home")
        })?;
        let edit = CatalogueEdit::Service {
            prices: card.prices.iter().enumerate().map(price).collect::<Result<_, DeskError>>()?,
            term: NewTerm { value: given.get("term"), unit: given.get("unit") },
            mode,
            note: (given.get("note-uk"), given.get("note-en")),
            slug,
        };
        desk.edit_draft(by, id, revision(&given.get("revision"))?, &edit)
    };
    match ask.work(work).await {
        Ok(()) => Ok(go_to(&format!("/catalogue/drafts/{}?done=edit", ask.param("draft")))),
        Err(error) => service_form(&ask, Some((&typed, error))).await,
    }
}

/// Base amounts and the calendar of a draft.
pub(crate) async fn shared(ask: Ask) -> Answer {
    shared_form(&ask, &Typed::default(), None).await
}

async fn shared_form(ask: &Ask, typed: &Typed, error: Option<DeskError>) -> Answer {
    let id = numbered::<i64>(ask, "draft");
    let (card, draft) = ask
        .get(move |desk, by| {
            let id = id?;
            Ok((desk.draft_shared(by, id)?, desk.draft(by, id)?))
        })
        .await?;
    let t = ask.t;
    let mut frame = ask.page(t.text("draft-shared"), Some(Section::Catalogue)).await;
    frame.errors = error.as_ref().map(|error| ErrorSummary::plain(t, sentence(t, error)));
    let form = |what: &'static str, key: &str, fields| {
        let to = format!("{}/shared", address_of(draft.row.id));
        Filled::new(to, t.text(key), fields).hidden("revision", draft.revision).hidden("what", what)
    };
    let (typed_base, from) = (typed.get("base"), typed.get("from"));
    let from = if from.is_empty() { written(draft.row.effective_from) } else { from };
    let bases = card.bases.iter().map(|(key, name, _)| (key.clone(), said(t, &name.uk, &name.en)));
    let base = vec![
        Field::select(t, "base", t.text("base"), Options::new(bases, &[typed_base.as_str()])),
        Field::date(t, "from", t.text("base-from")).value(from),
        Field::digits(t, "amount", t.text("base-amount")).value(typed.get("amount")),
    ];
    let holiday = vec![
        Field::text(t, "name-uk", t.text("holiday-uk")).value(typed.get("name-uk")),
        Field::text(t, "name-en", t.text("holiday-en")).value(typed.get("name-en")),
        Field::date(t, "first", t.text("holiday-first")).hint(t.text("holiday-first-hint")).value(typed.get("first")),
    ];
    let names = card.holidays.iter().enumerate().filter(|(_, one)| one.3.is_none());
    let names = names.map(|(at, (name, day, ..))| (at.to_string(), format!("{} · {day}", said(t, &name.uk, &name.en))));
    let chosen = typed.get("holiday");
    let ends = vec![
        Field::select(t, "holiday", t.text("holiday"), Options::new(names, &[chosen.as_str()])),
        Field::digits(t, "year", t.text("holiday-last-year")).wide(6).value(typed.get("year")),
    ];
    let law = vec![Field::date(t, "law-to", t.text("martial-law-to")).value(typed.get("law-to"))];
    let law_now = card.martial_law_to.as_deref().map_or_else(|| t.text("martial-law-goes-on"), super::facts::day);
    let blocks = vec![
        Block::Heading("bases", t.text("bases")),
        Block::Words(t.text("bases-words")),
        Block::Table(base_table(t, &card)),
        Block::Form(form("base", "base-add", base)),
        Block::Heading("calendar", t.text("calendar")),
        Block::Table(holiday_table(t, &card)),
        Block::Form(form("holiday", "holiday-add", holiday)),
        Block::Form(form("ends", "holiday-end", ends)),
        Block::Words(t.with("martial-law-now", "day", law_now)),
        Block::Form(form("law", "martial-law-end", law)),
        Block::Links(vec![(address_of(draft.row.id), t.text("to-draft"))]),
    ];
    Ok(page(error.map_or(StatusCode::OK, |error| status_of(error.kind)), frame, blocks))
}

fn base_table(t: Texts, card: &SharedCard) -> Table {
    let rows = card.bases.iter().flat_map(|(_, name, values)| {
        let name = said(t, &name.uk, &name.en);
        values.iter().map(move |(from, to, amount)| Row {
            cells: vec![
                Cell::Text(name.clone()),
                Cell::Text(written(*from)),
                Cell::Text(to.map(written).unwrap_or_default()),
                Cell::Text(amount.clone()),
            ],
            marked: false,
        })
    });
    let columns = ["base", "base-from", "base-to", "base-amount"];
    table(t, "bases", &columns, rows.collect())
}

fn holiday_table(t: Texts, card: &SharedCard) -> Table {
    let rows = card.holidays.iter().map(|(name, day, from, to)| Row {
        cells: vec![
            Cell::Text(said(t, &name.uk, &name.en)),
            Cell::Text(day.clone()),
            Cell::Text(from.to_string()),
            Cell::Text(to.map(|year| year.to_string()).unwrap_or_default()),
        ],
        marked: false,
    });
    table(t, "calendar", &["holiday", "holiday-day", "holiday-from-year", "holiday-last-year"], rows.collect())
}

fn table(t: Texts, caption: &str, columns: &[&str], rows: Vec<Row>) -> Table {
    let columns = columns.iter().map(|key| {
        let column = Column::new(t.text(key));
        if *key == "base-amount" { column.figures() } else { column }
    });
    Table { t, caption: t.text(caption), quiet_caption: true, columns: columns.collect(), rows, empty: String::new() }
}

fn shared_edit(typed: &Typed) -> Result<CatalogueEdit, DeskError> {
    let choose = || DeskError::refused("виберіть свято зі списку", "choose a holiday from the list");
    Ok(match typed.get("what").as_str() {
        "base" => CatalogueEdit::BaseValue {
            base: typed.get("base"),
            from: typed_day(&typed.get("from"))?,
            amount: typed.get("amount"),
        },
        "holiday" => CatalogueEdit::Holiday {
            name: (typed.get("name-uk"), typed.get("name-en")),
            first: typed_day(&typed.get("first"))?,
        },
        "ends" => {
            let year = typed.get("year").parse().ok().filter(|year| (2000..2200).contains(year));
            let year =
                year.ok_or_else(|| DeskError::refused("впишіть рік чотирма цифрами", "write the year in four digits"))?;
            CatalogueEdit::HolidayEnds(typed.get("holiday").parse().map_err(|_| choose())?, year)
        }
        _ => CatalogueEdit::MartialLawEnds(typed_day(&typed.get("law-to"))?),
    })
}

/// Keeps a change of what services share.
pub(crate) async fn set_shared(ask: Ask, typed: Typed) -> Answer {
    let (id, given) = (numbered::<i64>(&ask, "draft"), typed.clone());
    let work = move |desk: &crate::app::Desk, by: &str| {
        desk.edit_draft(by, id?, revision(&given.get("revision"))?, &shared_edit(&given)?)
    };
    match ask.work(work).await {
        Ok(()) => Ok(go_to(&format!("/catalogue/drafts/{}?done=edit", ask.param("draft")))),
        Err(error) => shared_form(&ask, &typed, Some(error)).await,
    }
}
