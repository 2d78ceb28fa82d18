//! What the pages say, as a browser gets it: whole words, nothing unescaped, nothing that the policy forbids.

#[path = "../examples/gallery/samples.rs"]
mod samples;

use pages::*;

const HOSTILE: &str = "\"><script>alert('x')</script>&{{ t }}";

fn uk() -> Texts {
    Texts::new(Lang::Uk)
}

/// The text has come through escaped: something of it is there, and no part of it is markup.
fn assert_escaped(html: &str, what: &str) {
    assert!(html.contains("alert("), "{what}: the text is missing");
    assert!(!html.contains("<script>alert"), "{what}: {html}");
    assert!(!html.contains("\"><script"), "{what}: {html}");
    assert!(!html.contains("alert('x')"), "{what}: the apostrophe is not escaped");
}

#[test]
fn every_phrase_of_every_page_exists() {
    for (name, html) in samples::all() {
        assert!(!html.contains('⟦'), "{name}: {}", html.split('⟦').nth(1).unwrap_or_default());
        assert!(html.starts_with("<!doctype html>"), "{name}");
        assert_eq!(html.matches("<h1>").count(), 1, "{name}: one h1");
    }
}

#[test]
fn no_page_needs_an_exception_in_the_policy() {
    for (name, html) in samples::all() {
        for (at, _) in html.match_indices("<script") {
            assert!(html[at..].starts_with("<script type=\"module\" src=\"/assets/"), "{name}: inline script");
        }
        for forbidden in ["<style", " style=", " onclick=", " onload=", "javascript:", "http://", "https://"] {
            let found = html.replace("http://www.w3.org/2000/svg", "").contains(forbidden);
            assert!(!found, "{name}: {forbidden}");
        }
    }
}

#[test]
fn ids_are_unique_and_what_is_named_is_there() {
    for (name, html) in samples::all() {
        let mut ids: Vec<&str> = attributes(&html, " id=\"").collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "{name}: an id stands twice");
        let named = ["aria-describedby", "aria-labelledby", "for"].map(|a| format!(" {a}=\""));
        for attribute in &named {
            for id in attributes(&html, attribute).flat_map(str::split_whitespace) {
                assert!(ids.binary_search(&id).is_ok(), "{name}:{attribute}{id}\" leads nowhere");
            }
        }
    }
}

fn attributes<'a>(html: &'a str, start: &'a str) -> impl Iterator<Item = &'a str> {
    html.split(start).skip(1).filter_map(|rest| rest.split('"').next())
}

#[test]
fn every_control_escapes_what_it_is_given() {
    let options = || Options::new([(HOSTILE, HOSTILE)], &[HOSTILE]);
    let fields = [
        Field::text(uk(), "a", HOSTILE).value(HOSTILE),
        Field::lines(uk(), "a", "l").value(format!("</textarea>{HOSTILE}")),
        Field::date(uk(), "a", "l").value(HOSTILE),
        Field::check(uk(), "a", HOSTILE, true),
        Field::choice(uk(), "a", "l", options()),
        Field::several(uk(), "a", "l", options()),
        Field::select(uk(), "a", "l", options()),
        Field::suggest(uk(), "a", "l", HOSTILE).value(HOSTILE).code(HOSTILE),
        Field::text(uk(), "a", "l").hint(HOSTILE).error(HOSTILE).checked(HOSTILE),
        Field::text(uk(), "a", "l").warning(HOSTILE, Some(HOSTILE.into()), HOSTILE),
        Field::text(uk(), HOSTILE, "l"),
    ];
    for field in &fields {
        let html = field.to_string();
        assert_escaped(&html, &format!("{:?}", field.input));
        assert!(html.matches("</textarea>").count() <= 1, "the text closes its own box");
    }
}

#[test]
fn every_component_escapes_what_it_is_given() {
    let h = || HOSTILE.to_owned();
    let tag = || Tag::new(HOSTILE, Tone::Ok);
    let side = ConflictSide { id: h(), value: h(), who: h(), when: h(), place: h() };
    let conflict = Conflict {
        t: uk(),
        field: h(),
        to: h(),
        sides: vec![side],
        other_allowed: true,
        other: h(),
        reason: h(),
        error: h(),
    };
    let event =
        Event { title: h(), when: h(), bounds: h(), who: h(), place: h(), details: vec![h()], state: Some(tag()) };
    let mut row = SummaryRow::new(HOSTILE, HOSTILE);
    (row.remark, row.change) = (h(), h());
    let groups = vec![SummaryGroup { title: h(), change: h(), rows: vec![row] }];
    let section = TaskSection { href: h(), label: h(), state: SectionState::Done, current: true };
    let cells = vec![
        Cell::Text(h()),
        Cell::Lines(h(), h()),
        Cell::Link(h(), h()),
        Cell::State(tag()),
        Cell::Action { to: h(), words: h(), key: "KeyC" },
    ];
    let columns = cells.iter().map(|_| Column::new(HOSTILE)).collect();
    let rows = vec![Row { cells, marked: true }];
    let table = Table { t: uk(), caption: h(), quiet_caption: false, columns, rows, empty: h() };
    let path = format!("/?q={}", address::encode(HOSTILE));
    let printed = [
        conflict.to_string(),
        Timeline { t: uk(), events: vec![event] }.to_string(),
        SummaryList { t: uk(), groups }.to_string(),
        TaskList { t: uk(), label: h(), sections: vec![section] }.to_string(),
        table.to_string(),
        Notice::new(Tone::Stop, HOSTILE).title(HOSTILE).link(HOSTILE, HOSTILE).action(HOSTILE, HOSTILE).to_string(),
        ErrorSummary { t: uk(), title: h(), items: vec![(h(), h())] }.to_string(),
        SignIn { to: h(), fields: vec![Field::text(uk(), "a", HOSTILE)], button: h(), help: h() }.to_string(),
        Suggestions { items: vec![Suggestion { value: h(), code: h(), words: h(), press: h() }] }.to_string(),
        Status { t: uk(), counts: None, sentence: h(), refresh: None }.to_string(),
    ];
    for html in &printed {
        assert_escaped(html, "component");
    }
    let mut page = Page::new(uk(), Density::Desk, HOSTILE, HOSTILE);
    (page.place, page.person, page.lock_to) = (h(), h(), Some(h()));
    page.nav = vec![NavItem::new(HOSTILE, HOSTILE)];
    let message = Message { page, words: vec![h()], link: Some((h(), h())) }.to_string();
    assert_escaped(&message, "frame");
    let pagination = Pagination { t: uk(), path, page: 1, per_page: 1, total: 3 }.to_string();
    assert!(!pagination.contains('\'') && !pagination.contains("<script"), "{pagination}");
}

#[test]
fn what_was_typed_comes_back_except_secrets() {
    let secret = Field::new(uk(), "p", "Пароль", Input::Secret { autocomplete: "off" }).value("таємниця");
    assert!(!secret.to_string().contains("таємниця"));
    let html = Field::lines(uk(), "n", "Примітка").value("\nдва\nрядки").to_string();
    assert!(html.contains(">\n\nдва\nрядки</textarea>"), "the first line break is kept: {html}");
}

#[test]
fn an_error_is_at_the_field_in_the_summary_and_in_the_title() {
    let documents = Options::new([("id", "ID-картка")], &[]);
    let fields = [
        Field::digits(uk(), "tax_number", "РНОКПП").error("Введіть 10 цифр."),
        Field::choice(uk(), "document", "Документ", documents).error("Оберіть документ."),
        Field::text(uk(), "surname", "Прізвище"),
    ];
    let summary = ErrorSummary::of(uk(), &fields).unwrap();
    let html = summary.to_string();
    assert!(html.contains("Виправте 2 помилки"));
    assert!(html.contains("<a href=\"#tax_number\">Введіть 10 цифр.</a>"));
    assert!(html.contains("<a href=\"#document-1\">") && fields[1].to_string().contains("id=\"document-1\""));
    assert!(fields[0].to_string().contains("aria-describedby=\"tax_number-error\" aria-invalid=\"true\""));
    assert!(ErrorSummary::of(uk(), &fields[2..]).is_none());

    let mut page = Page::new(uk(), Density::Field, "Нове звернення", "/new");
    assert_eq!(page.window_title(), "Нове звернення – Валіза");
    page.errors = Some(summary);
    assert_eq!(page.window_title(), "Помилка: Нове звернення – Валіза");
}

#[test]
fn the_language_switch_keeps_the_page() {
    let page = Page::new(uk(), Density::Desk, "Нові", "/queue?state=new&page=2");
    assert_eq!(page.other_language(), "/queue?state=new&page=2&lang=en");
    let back = Page::new(Texts::new(Lang::En), Density::Desk, "New", "/queue?state=new&lang=en");
    assert_eq!(back.other_language(), "/queue?state=new&lang=uk");
}

#[test]
fn the_opys_prints_every_field() {
    let mut opys = samples::papers::opys(false);
    opys.organisation = "ОСББ «Садова, 4»".into();
    opys.object_address = "кадастровий № 5320610100".into();
    opys.sheets = 21;
    let html = opys.to_string().replace("&#38;", "&").replace('\u{a0}', " ");
    let mut expected = vec![
        opys.number.clone(),
        opys.spoken.clone(),
        opys.date.clone(),
        opys.time.clone(),
        opys.centre.clone(),
        opys.contact.clone(),
        opys.applicant.clone(),
        opys.organisation.clone(),
        opys.representative.clone(),
        opys.tax_number.clone(),
        opys.address.clone(),
        opys.phones.join(", "),
        opys.provider.clone(),
        opys.service.clone(),
        opys.card.clone(),
        opys.object_address.clone(),
        opys.taken_at.clone(),
        opys.fee.clone(),
        opys.term.clone(),
        opys.consent.clone(),
        opys.administrator.clone(),
        opys.signer.clone(),
        "Усього 21 аркуш.".into(),
        "Дані внесено без доступу до державних реєстрів.".into(),
        "Місце штампа адміністратора".into(),
    ];
    for paper in &opys.papers {
        expected.extend([&paper.name, &paper.details, &paper.form, &paper.sheets, &paper.returned].map(String::clone));
    }
    expected.extend(opys.delivery.iter().map(|(words, _)| words.clone()));
    for text in expected {
        let text = typeset(&text).replace('\u{a0}', " ");
        assert!(html.contains(&text), "«{text}» is not on the paper");
    }
    assert!(html.contains(&qr::svg(opys.code.as_bytes()).unwrap().to_string()));
    assert_eq!(html.matches(">×</span>").count(), 1, "one way of delivery is ticked");
}

#[test]
fn the_opys_leaves_out_what_may_be_left_out_and_escapes() {
    let mut opys = samples::papers::opys(true);
    opys.representative.clear();
    opys.tax_number.clear();
    opys.offline = false;
    opys.papers.clear();
    opys.code.clear();
    let html = opys.to_string();
    assert!(html.contains("class=\"paper large\""));
    for absent in ["Представник", "без доступу", "<table", "<svg"] {
        assert!(!html.contains(absent), "{absent}");
    }
    assert!(html.contains("<dt>РНОКПП</dt><dd>—</dd>") && html.contains("Документів не подано."));

    opys.number = HOSTILE.into();
    opys.applicant = HOSTILE.into();
    opys.papers = vec![OpysPaper { name: HOSTILE.into(), ..OpysPaper::default() }];
    opys.delivery = vec![(HOSTILE.into(), true)];
    assert_escaped(&opys.to_string(), "opys");
}
