//! On paper: the card of a case, and its опис.

use super::super::ask::{Answer, Ask, said};
use super::{facts, request, show};
use crate::app::OpysSheet;
use ::pages::format::{NOTHING, clock_time, date_time, money, or_nothing, paper_date, phone, spoken, tax_number};
use ::pages::{Event, Lang, Opys, OpysPaper, SummaryList, Texts, address, assets};
use askama::Template;
use axum::http::StatusCode;
use clock::Time;

#[derive(Template)]
#[template(path = "card.html")]
struct Card {
    t: Texts,
    number: String,
    official: String,
    centre: String,
    state: String,
    back: String,
    facts: SummaryList,
    papers: Vec<[String; 5]>,
    events: Vec<Event>,
    printed: String,
}

impl Card {
    fn asset(&self, name: &str) -> String {
        assets::url(name)
    }
}

/// The card of a case: everything it says and everything that happened, for the file.
pub(crate) async fn card(ask: Ask) -> Answer {
    let number = ask.param("number");
    let (case, centre, now) =
        ask.get(move |desk, by| Ok((desk.case(by, &number)?, desk.profile()?.name, desk.clock().now()))).await?;
    let t = ask.t;
    let view = &case.page.view;
    let papers = case.papers.iter().map(|paper| {
        [
            or_nothing(&paper.name).to_owned(),
            or_nothing(&paper.details).to_owned(),
            or_nothing(&said(t, paper.form.0, paper.form.1)).to_owned(),
            if paper.sheets == 0 { NOTHING.to_owned() } else { paper.sheets.to_string() },
            t.text(if paper.returned { "yes" } else { "no" }),
        ]
    });
    let (uk, en) = view.state().label();
    let shown = Card {
        t,
        number: case.number.clone(),
        official: view.official.text().to_owned(),
        centre,
        state: said(t, uk, en),
        back: facts::request_address(&case.number),
        facts: facts::list(t, &case, false),
        papers: papers.collect(),
        events: case.page.timeline.iter().map(|moment| request::event(t, &case, moment)).collect(),
        printed: date_time(now),
    };
    Ok(show(StatusCode::OK, &shown))
}

/// The опис again, as the applicant has it: in Ukrainian, whatever the pages' language is.
pub(crate) async fn opys(ask: Ask) -> Answer {
    let number = ask.param("number");
    let sheet = ask.get(move |desk, by| desk.opys(by, &number)).await?;
    let large = ask.query("large") == "1";
    let path = format!("{}/opys", facts::request_address(&sheet.number));
    let other_size = if large { path } else { address::with(&path, "large", "1") };
    Ok(show(StatusCode::OK, &paper(sheet, large, other_size)))
}

fn paper(sheet: OpysSheet, large: bool, other_size: String) -> Opys {
    let t = Texts::with_own(Lang::Uk, &super::super::PHRASES);
    let submitted = Time(sheet.submitted_at);
    let date = submitted.kyiv().map_or_else(|| NOTHING.to_owned(), |zoned| paper_date(zoned.date()));
    let delivery = ["person", "home", "post", "phone"];
    let delivery = delivery.map(|way| (t.text(&format!("delivery-{way}")), sheet.delivery == way));
    let fee = match &sheet.fee {
        None => String::new(),
        Some((0, _)) => t.text("fee-free"),
        Some((kopiykas, receipt)) if receipt.is_empty() => money(*kopiykas),
        Some((kopiykas, receipt)) => {
            t.say("fee-paid", &[("fee", money(*kopiykas).into()), ("receipt", receipt.as_str().into())])
        }
    };
    let papers = sheet.papers.into_iter().map(|paper| OpysPaper {
        name: paper.name,
        details: paper.details,
        form: paper.form.0.to_owned(),
        sheets: if paper.sheets == 0 { String::new() } else { paper.sheets.to_string() },
        returned: t.text(if paper.returned { "yes" } else { "no" }),
    });
    Opys {
        t,
        large,
        spoken: spoken(&sheet.number),
        date,
        time: clock_time(submitted),
        centre: sheet.centre,
        contact: sheet.contact,
        applicant: sheet.applicant,
        organisation: sheet.organisation,
        representative: sheet.representative,
        tax_number: tax_number(&sheet.tax_number),
        address: sheet.address,
        phones: sheet.phones.iter().map(|number| phone(number)).collect(),
        provider: sheet.provider,
        service: sheet.service,
        card: sheet.card,
        object_address: String::new(),
        taken_at: String::new(),
        offline: sheet.offline,
        papers: papers.collect(),
        sheets: sheet.sheets,
        fee,
        term: if sheet.due.is_empty() { String::new() } else { t.with("term-until", "day", facts::day(&sheet.due)) },
        consent: sheet.consent_at.map(|at| t.with("consent-given", "time", date_time(Time(at)))).unwrap_or_default(),
        delivery: delivery.into(),
        administrator: sheet.officer,
        signer: sheet.signer,
        // The signed statement stands on the paper that the suitcase printed; a copy does not pretend to it.
        qr: None,
        other_size,
        back: facts::request_address(&sheet.number),
        number: sheet.number,
    }
}
