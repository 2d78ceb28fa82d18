//! Pages with invented people, as the consoles would show them.

#[path = "papers.rs"]
pub mod papers;

use askama::Template;
use pages::*;

/// A page of the gallery: extends the layout as a console's page does.
#[derive(Template)]
#[template(path = "gallery.html", config = "examples/gallery/askama.toml")]
struct Gallery {
    page: Page,
    parts: Vec<String>,
}

fn show(page: Page, parts: Vec<String>) -> String {
    Gallery { page, parts }.to_string()
}

/// Name and HTML of every page.
pub fn all() -> Vec<(&'static str, String)> {
    let mut pages = vec![
        ("day", day(Lang::Uk)),
        ("day-en", day(Lang::En)),
        ("form", form()),
        ("review", review()),
        ("saved", saved()),
        ("queue", queue()),
        ("request", request()),
        ("conflict", conflict()),
        ("unlock", unlock()),
        ("not-found", not_found()),
    ];
    pages.extend(papers::all());
    pages
}

fn officer(lang: Lang, title: &str) -> Page {
    let t = Texts::new(lang);
    let mut page = Page::new(t, Density::Field, title, "/day");
    page.place = "Валіза 7 · Глобинська громада".into();
    page.person = "Олійник І. В.".into();
    page.lock_to = Some("/lock".into());
    let names = ["День", "Звернення", "Мешканці", "Обмін", "Довідка"];
    page.nav = names.iter().enumerate().map(|(at, name)| NavItem::new("#", *name).current(at == 0)).collect();
    page.status = Some(Status {
        t,
        counts: Some(Counts { here: 12, on_the_way: 3, at_the_centre: 41 }),
        sentence: t.with("status-no-link", "time", "09:12"),
        refresh: Some(("/status".into(), 10)),
    });
    page
}

fn clerk(title: &str) -> Page {
    let t = Texts::new(Lang::Uk);
    let mut page = Page::new(t, Density::Desk, title, "/queue?state=new");
    page.place = "Центр · Глобинська громада".into();
    page.person = "Гук Н. П.".into();
    page.lock_to = Some("/lock".into());
    let names = [("Нові", 14), ("Передати сьогодні", 6), ("У надавача", 31), ("Розбіжності", 2), ("Карантин", 0)];
    page.nav = names.iter().map(|(name, n)| NavItem::new("#", *name).count(*n).current(*name == "Нові")).collect();
    let sentence = "Валіза 3: новини 2 дні тому.".into();
    page.status = Some(Status { t, counts: None, sentence, refresh: None });
    page
}

fn day(lang: Lang) -> String {
    let page = officer(lang, "Субота, 21 листопада");
    let t = page.t;
    let column = |label: &str| Column::new(label);
    let visit = |time: &str, address: &str, who: &str, needs: &str, tag: Tag| Row {
        cells: vec![
            Cell::Text(time.into()),
            Cell::Link("#".into(), address.into()),
            Cell::Lines(who.into(), needs.into()),
            Cell::State(tag),
        ],
        marked: false,
    };
    let table = Table {
        t,
        caption: "Виїзди за часом".into(),
        quiet_caption: true,
        columns: vec![column("Час"), column("Адреса"), column("Хто"), column("Стан")],
        rows: vec![
            visit(
                "10:00",
                "с. Гиряві Ісківці, вул. Садова, 4",
                "Коваленко Г. П.",
                "на візку, 3 поверх без ліфта",
                Tag::new(t.text("state-at-the-centre"), Tone::Ok),
            ),
            visit(
                "11:30",
                "с. Гиряві Ісківці, вул. Шевченка, 17, кв. 2",
                "Гук С. І.",
                "погано чує",
                Tag::new(t.text("state-waiting"), Tone::Wait),
            ),
            visit("13:00", "с. Опришки, вул. Нова, 1", "Дяченко М. О.", "", Tag::new("за планом", Tone::Plain)),
        ],
        empty: "На сьогодні виїздів немає. Нове звернення можна записати й без виїзду.".into(),
    };
    let next = "<section><p>Далі, о 11:30</p><p class=\"next-address\">с. Гиряві Ісківці, вул. Шевченка, 17, кв. 2</p>\
        <p>Гук С. І. · житлова субсидія, довідка про склад сім’ї · погано чує</p>\
        <p class=\"actions\"><a class=\"button button-primary\" href=\"#\" data-key=\"KeyN\">Нове звернення <kbd>N</kbd></a>\
        <a class=\"button\" href=\"#\" data-key=\"KeyK\">Консультація <kbd>K</kbd></a></p></section>";
    show(page, vec![next.into(), table.to_string()])
}

/// The form's fields in every state.
pub fn fields(t: Texts) -> Vec<Field> {
    let documents = Options::new([("id", "ID-картка"), ("book", "паспорт-книжечка"), ("other", "інше")], &["id"]);
    let needs = Options::new([("wheelchair", "на візку"), ("hearing", "погано чує")], &["hearing"]);
    let grounds = Options::new([("disability", "інвалідність I групи"), ("age", "понад 80 років")], &["age"]);
    vec![
        Field::text(t, "surname", "Прізвище").value("Коваленко"),
        Field::digits(t, "tax_number", "РНОКПП")
            .value("1408212321")
            .hint("10 цифр; якщо немає через переконання, залиште порожнім")
            .error("Контрольна цифра не збігається. Перевірте номер за документом."),
        Field::date(t, "born", "Дата народження").value("21.07.1938").checked("перевірено; збігається з РНОКПП"),
        Field::choice(t, "document", "Документ", documents),
        Field::text(t, "series", "Серія та номер").wide(14).value("HC 123456").warning(
            "серія не схожа на українську. Можливо, увімкнено латинку.",
            Some("НС 123456".into()),
            "",
        ),
        Field::suggest(t, "settlement", "Населений пункт", "/settlements")
            .value("Гиряві")
            .hint("підказки за КАТОТТГ, стрілками"),
        Field::select(t, "ground", "Підстава виїзду", grounds).error("Оберіть підставу виїзду."),
        Field::several(t, "needs", "Потреби", needs).optional(),
        Field::phone(t, "phone", "Телефон").value("+380 67 123 45 67").optional(),
        Field::lines(t, "note", "Примітка").optional(),
        Field::check(t, "seen", "Бачив оригінал документа", true),
        Field::new(t, "code", "Кодове слово", Input::Secret { autocomplete: "off" }),
    ]
}

fn form() -> String {
    let mut page = officer(Lang::Uk, "Нове звернення");
    let t = page.t;
    let fields = fields(t);
    page.errors = ErrorSummary::of(t, &fields);
    let section =
        |label: &str, state, current| TaskSection { href: "#surname".into(), label: label.into(), state, current };
    let tasks = TaskList {
        t,
        label: "Частини звернення".into(),
        sections: vec![
            section("Заявник", SectionState::Wrong, true),
            section("Підстава виїзду", SectionState::Done, false),
            section("Послуга", SectionState::Started, false),
            section("Документи", SectionState::NotStarted, false),
            section("Перевірка", SectionState::NotStarted, false),
        ],
    };
    let fields: String = fields.iter().map(Field::to_string).collect();
    let parts = format!(
        "<div class=\"beside\"><div class=\"stays\">{tasks}</div><form method=\"post\" action=\"#\" \
        data-autosave-url=\"/draft\"><h2 id=\"applicant\">Заявник</h2>{fields}<p class=\"saved\" role=\"status\" \
        data-autosave-status data-failed=\"{}\">{}</p><p class=\"actions\"><button class=\"button button-primary\" \
        data-key=\"Ctrl+Enter\">{} <kbd>Ctrl+Enter</kbd></button></p></form></div>",
        t.text("save-failed"),
        t.with("saved-at", "time", "14:05"),
        t.text("next"),
    );
    show(page, vec![parts])
}

fn review() -> String {
    let page = officer(Lang::Uk, "Перевірка");
    let mut odd = SummaryRow::new("Документ", "паспорт HC 123456");
    odd.remark = "прийнято з поясненням: так надруковано в паспорті".into();
    let mut applicant = SummaryGroup::new("Заявник", "#")
        .row("Прізвище, ім’я, по батькові", "Коваленко Ганна Петрівна")
        .row("Дата народження", "21.07.1938")
        .row("РНОКПП", "140 821 2320")
        .row("Телефон", "");
    applicant.rows.push(odd);
    let service = SummaryGroup::new("Послуга", "#")
        .row("Послуга", "Призначення житлової субсидії")
        .row("Строк", "10 робочих днів, до 05.12.2026")
        .row("Збір", "безоплатно");
    let list = SummaryList { t: page.t, groups: vec![applicant, service] };
    let actions = "<p class=\"actions\"><button class=\"button button-primary\">Зберегти і друкувати</button>\
        <a class=\"button\" href=\"#\">Назад</a></p>";
    show(page, vec![list.to_string(), actions.into()])
}

fn saved() -> String {
    let mut page = officer(Lang::Uk, "Звернення збережено");
    page.notices
        .push(Notice::new(Tone::Ok, "Звернення передасться саме, щойно буде зв’язок.").title("Збережено о 14:05."));
    page.notices
        .push(Notice::new(Tone::Wait, "Звернення 7-211126-013-С2Х відкликано.").action("#", page.t.text("undo")));
    let qr = qr::svg(b"VALIZA:7-211126-014-\xd0\x9a4\xd0\x9c").map(|svg| svg.to_string()).unwrap_or_default();
    let parts = format!(
        "<p class=\"number\">7-211126-014-К4М</p><p>{}</p><div class=\"qr\">{qr}</div><p class=\"actions\">\
        <a class=\"button button-primary\" href=\"#\">Друкувати опис</a><a class=\"button\" href=\"#\">Ще одна послуга \
        для цієї людини</a></p>",
        format::spoken("7-211126-014-К4М"),
    );
    show(page, vec![parts])
}

fn queue() -> String {
    let page = clerk("Нові");
    let t = page.t;
    let path = "/queue?state=new&sort=due";
    let row = |number: &str, taken: &str, who: &str, service: &str, due: Tag, suitcase: (&str, &str), by: &str| Row {
        marked: due.tone == Tone::Stop,
        cells: vec![
            Cell::Link("#".into(), number.into()),
            Cell::Text(taken.into()),
            Cell::Text(who.into()),
            Cell::Text(service.into()),
            Cell::State(due),
            Cell::Lines(suitcase.0.into(), suitcase.1.into()),
            Cell::Text(by.into()),
            Cell::Action { to: "#".into(), words: "Взяти".into(), key: "KeyC" },
        ],
    };
    let table = Table {
        t,
        caption: "Нові звернення; спершу ті, які передати раніше".into(),
        quiet_caption: false,
        columns: vec![
            Column::new("№ звернення").sorted(path, "number"),
            Column::new("Прийнято").sorted(path, "taken"),
            Column::new("Заявник").sorted(path, "applicant"),
            Column::new("Послуга"),
            Column::new("Передати до").sorted(path, "due"),
            Column::new("Валіза · новини"),
            Column::new("Взяв"),
            Column::new("Дія"),
        ],
        rows: vec![
            row(
                "3-201126-002-Н9А",
                "20.11 09:05",
                "Гук С. І.",
                "Довідка про взяття на облік ВПО",
                Tag::new("прострочено на 1 р. дн.", Tone::Stop),
                ("3", "2 дні тому"),
                "Олійник",
            ),
            row(
                "7-211126-014-К4М",
                "21.11 10:20",
                "Коваленко Г. П.",
                "Призначення житлової субсидії",
                Tag::new("24.11 (1 р. дн.)", Tone::Wait),
                ("7", "14 хв тому"),
                "",
            ),
            row(
                "7-211126-015-Т1Е",
                "21.11 11:02",
                "Дяченко М. О.",
                "Видача посвідчення отримувача пенсії",
                Tag::new("24.11 (1 р. дн.)", Tone::Plain),
                ("7", "14 хв тому"),
                "",
            ),
        ],
        empty: "Нових звернень немає.".into(),
    };
    let pages = Pagination { t, path: path.into(), page: 3, per_page: 50, total: 612 };
    show(page, vec![table.to_string(), pages.to_string()])
}

fn request() -> String {
    let page = clerk("7-211126-014-К4М");
    let t = page.t;
    let event = |title: &str, when: &str, bounds: &str, who: &str, place: &str, state| Event {
        title: title.into(),
        when: when.into(),
        bounds: bounds.into(),
        who: who.into(),
        place: place.into(),
        details: Vec::new(),
        state,
    };
    let centre = Some(Tag::new(t.text("state-at-the-centre"), Tone::Ok));
    let timeline = Timeline {
        t,
        events: vec![
            event("Взято до роботи", "21.11.2026 10:44", "", "Гук Н. П.", "центр", None),
            event(
                "Прийнято на виїзді",
                "21.11.2026 10:20",
                "не раніше 09:58, не пізніше 10:41",
                "Олійник І. В.",
                "валіза 7",
                centre,
            ),
        ],
    };
    let group =
        SummaryGroup::new("Заявник", "").row("Прізвище", "Коваленко").row("РНОКПП", "140 821 2320").row("Телефон", "");
    let facts = SummaryList { t, groups: vec![group] };
    let parts =
        format!("<div class=\"beside beside-wide\"><div>{facts}</div><div><h2>Перебіг</h2>{timeline}</div></div>");
    show(page, vec![parts])
}

fn conflict() -> String {
    let page = clerk("Розбіжність");
    let side = |id: &str, value: &str, who: &str, when: &str, place: &str| ConflictSide {
        id: id.into(),
        value: value.into(),
        who: who.into(),
        when: when.into(),
        place: place.into(),
    };
    let conflict = Conflict {
        t: page.t,
        field: "Адреса: вулиця і будинок".into(),
        to: "#".into(),
        sides: vec![
            side("a", "вул. Садова, 4", "Олійник І. В.", "21.11.2026 10:20", "валіза 7"),
            side("b", "вул. Садова, 4А", "Гнатюк О. Р.", "21.11.2026 10:31", "валіза 3"),
        ],
        other_allowed: true,
        other: String::new(),
        reason: String::new(),
        error: "Оберіть значення і напишіть, чому саме так.".into(),
    };
    show(page, vec![conflict.to_string()])
}

fn not_found() -> String {
    let words = vec!["Звернення з таким номером на цій валізі немає. Перевірте номер за паперовим описом.".into()];
    let link = Some(("#".into(), "До списку звернень".into()));
    Message { page: officer(Lang::Uk, "Не знайдено"), words, link }.to_string()
}

fn unlock() -> String {
    let t = Texts::new(Lang::Uk);
    let mut page = Page::new(t, Density::Field, "Відімкнути валізу", "/unlock");
    page.place = "Валіза 7 · Глобинська громада".into();
    page.errors = Some(ErrorSummary::plain(t, "Пароль не підходить. Наступна спроба через 4 с."));
    let officers = Options::new([("1", "Олійник І. В."), ("2", "Гнатюк О. Р.")], &["1"]);
    let form = SignIn {
        to: "/unlock".into(),
        fields: vec![
            Field::select(t, "officer", "Хто працює", officers),
            Field::new(t, "passphrase", "Пароль", Input::Secret { autocomplete: "current-password" }),
        ],
        button: "Відімкнути".into(),
        help: "Забули пароль? Зателефонуйте до центру: вам продиктують слова відновлення.".into(),
    };
    show(page, vec![form.to_string()])
}
