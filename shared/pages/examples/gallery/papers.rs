//! Papers with invented people.

use pages::*;

/// Every paper in both sizes, all of them together, and papers with much and with nothing on them.
pub fn all() -> Vec<(&'static str, String)> {
    let page = |large, sheets| {
        let mut page = PaperPage::new(Texts::new(Lang::Uk), large, sheets);
        page.back = "#".into();
        page.other_size = if large { "?".into() } else { "?large=1".into() };
        page.others = PaperKind::ALL.map(|kind| (kind.label(page.t), format!("?{}", kind.name()), false)).into();
        page.to_string()
    };
    let together = |large| vec![application(), consent(), opys(large).sheet(), case_copy(large), routing()];
    vec![
        ("opys", page(false, vec![opys(false).sheet()])),
        ("opys-large", page(true, vec![opys(true).sheet()])),
        ("application", page(false, vec![application()])),
        ("application-large", page(true, vec![application()])),
        ("consent", page(false, vec![consent()])),
        ("consent-large", page(true, vec![consent()])),
        ("routing", page(false, vec![routing()])),
        ("routing-large", page(true, vec![routing()])),
        ("routing-empty", page(false, vec![RoutingSheet::default().sheet()])),
        ("papers", page(false, together(false))),
        ("papers-large", page(true, together(true))),
        ("opys-thirty", page(false, vec![thirty_papers().sheet()])),
        ("opys-empty", page(false, vec![Opys::default().sheet()])),
    ]
}

fn code() -> String {
    format!("VALIZA-S-{}", "A7".repeat(146))
}

fn case_copy(large: bool) -> Sheet {
    Opys { copy: "Примірник справи".into(), ..opys(large) }.sheet()
}

/// An опис with thirty papers and long names.
pub fn thirty_papers() -> Opys {
    let paper = |n: usize| OpysPaper {
        name: format!("Витяг із Державного реєстру речових прав на нерухоме майно щодо об’єкта {n}"),
        details: format!("№ {n} від 01.02.2026, Виконавчий комітет Глобинської міської ради"),
        form: "нотаріальна копія".into(),
        sheets: n.to_string(),
        returned: "ні".into(),
    };
    Opys {
        applicant: "Нечипоренко-Старовойтова Олександра-Вікторія Костянтинівна".into(),
        organisation: "Товариство з обмеженою відповідальністю «Науково-виробниче сільськогосподарське підприємство імені Героїв Небесної Сотні» (ЄДРПОУ 32855961)"
            .into(),
        papers: (1..=30).map(paper).collect(),
        sheets: 465,
        ..opys(false)
    }
}

/// An application with a representative, answers of every form, and papers.
pub fn application() -> Sheet {
    let opys = opys(false);
    let line = |question: &str, answer: &str| Answered::Line(question.into(), answer.into());
    let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
    Application {
        number: opys.number.clone(),
        centre: opys.centre.clone(),
        provider: opys.provider.clone(),
        applicant: ApplicationPerson {
            name: "Коваленко Ганна Петрівна".into(),
            born: "12 березня 1938 року".into(),
            tax_number: "140 821 2320".into(),
            document: "паспорт-книжечка КО 123456, виданий 05.06.1999 Глобинським РВ УМВС".into(),
            address: opys.address.clone(),
            phones: opys.phones.clone(),
            contacts: vec!["hanna@example.org".into()],
            ..ApplicationPerson::default()
        },
        representative: Some(ApplicationPerson {
            name: "Коваленко Олег Іванович".into(),
            power: "довіреність № 17 від 02.03.2026".into(),
            tax_number: "287 610 4412".into(),
            document: "ID-картка 001234567, орган 5312".into(),
            address: "м. Глобине, вул. Центральна, буд. 12, кв. 3".into(),
            phones: vec!["+380 50 765 43 21".into()],
            ..ApplicationPerson::default()
        }),
        service: opys.service.clone(),
        summary: String::new(),
        answers: vec![
            line("Житло", "приватний будинок, 54,3 м²"),
            line("Чи отримували субсидію раніше", "так"),
            line("Рахунок для виплати", "UA21 3223 1300 0002 6007 2335 6600 1"),
            Answered::Rows(
                "Члени домогосподарства".into(),
                ["Прізвище, власне ім’я, по батькові", "Дата народження, РНОКПП", "Ким доводиться"]
                    .map(str::to_owned)
                    .to_vec(),
                vec![
                    row(["Коваленко Олег Іванович", "04.08.1971, 287 610 4412", "син"]),
                    row(["Коваленко Дарина Олегівна", "17.12.2011", "онука"]),
                ],
            ),
            line("Примітка", ""),
        ],
        papers: opys.papers.clone(),
        sheets: opys.sheets,
        delivery: opys.delivery.clone(),
        permission: "Дозвіл надано представником 21.11.2026: персональні дані; дані про здоров’я. Текст згоди, версія 1, додано."
            .into(),
        date: opys.date.clone(),
        offline: true,
        administrator: opys.administrator.clone(),
        signer: opys.signer,
        by_witnesses: false,
        code: code(),
        code_note: "підпис валізи".into(),
    }
    .sheet()
}

/// A consent given before two witnesses.
pub fn consent() -> Sheet {
    let text = "Володілець персональних даних: Виконавчий комітет Глобинської міської ради, код ЄДРПОУ 00000000, м. Глобине, вул. Центральна, 285. Відповідальна особа: Гук Наталія Петрівна, тел. 0 800 000 000.
        Мета: надання адміністративної послуги, за якою я звертаюся, облік звернення та повідомлення про результат.
        Дані: прізвище, ім’я, по батькові, дата народження, РНОКПП, реквізити документів, адреса, контакти, відомості заяви та доданих до неї документів.
        Мої права: безоплатно знати, які дані про мене обробляються, і отримати доступ до них; вимагати виправлення чи знищення; відкликати цю згоду.";
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    ConsentSheet {
        number: "7-211126-014-К4М".into(),
        centre: "Центр надання адміністративних послуг Глобинської міської ради".into(),
        person: "Коваленко Ганна Петрівна".into(),
        identity: "12 березня 1938 року, паспорт-книжечка КО 123456".into(),
        service: "Призначення житлової субсидії (00156)".into(),
        given_by: String::new(),
        date: "21 листопада 2026 року, 10:20".into(),
        version: "версія 1 від 01.01.2026, контрольна сума 3f2a 97c0 11de 4b08".into(),
        parts: vec![
            ("Персональні дані".into(), lines(text), true),
            (
                "Дані про здоров’я".into(),
                lines("Обробляти відомості про інвалідність і догляд, якщо їх потребує послуга."),
                true,
            ),
            ("Повідомлення".into(), lines("Телефонувати мені та надсилати SMS про перебіг звернення."), false),
        ],
        missing: String::new(),
        signer: "Ганна КОВАЛЕНКО".into(),
        by_witnesses: true,
        administrator: "Ірина ОЛІЙНИК".into(),
        code: code(),
        code_note: "підпис валізи".into(),
    }
    .sheet()
}

/// A routing sheet of a case that came half way.
pub fn routing() -> Sheet {
    RoutingSheet {
        number: "7-211126-014-К4М".into(),
        official: "2026/1184".into(),
        centre: "Центр надання адміністративних послуг Глобинської міської ради".into(),
        applicant: "Коваленко Ганна Петрівна".into(),
        service: "Призначення житлової субсидії (00156)".into(),
        provider: "Управління соціального захисту населення Кременчуцької РДА".into(),
        due: "5 грудня 2026 року".into(),
        code: code(),
        code_note: "підпис центру".into(),
        registered: RegisteredStamp {
            date: "21 листопада 2026 року".into(),
            number: "2026/1184".into(),
            administrator: "Ірина ОЛІЙНИК".into(),
        },
        handed_over: HandedOverStamp {
            date: "23 листопада 2026 року".into(),
            term: "до 5 грудня 2026 року".into(),
            person: "Гук Н. П.".into(),
        },
        ..RoutingSheet::default()
    }
    .sheet()
}

/// The опис of an invented request with all lines filled.
pub fn opys(large: bool) -> Opys {
    let paper = |name: &str, details: &str, form: &str, sheets: &str, returned: &str| OpysPaper {
        name: name.into(),
        details: details.into(),
        form: form.into(),
        sheets: sheets.into(),
        returned: returned.into(),
    };
    let number = "7-211126-014-К4М";
    Opys {
        large,
        number: number.into(),
        spoken: format::spoken(number),
        date: "21 листопада 2026 року".into(),
        time: "10:20".into(),
        centre: "Центр надання адміністративних послуг Глобинської міської ради".into(),
        contact: "м. Глобине, вул. Центральна, 285; +380 53 652 00 00; пн–пт 8:00–17:00".into(),
        applicant: "Коваленко Ганна Петрівна".into(),
        organisation: String::new(),
        representative: "Коваленко Олег Іванович, довіреність № 214 від 03.02.2026".into(),
        tax_number: "140 821 2320".into(),
        address: "39011, Полтавська обл., Кременчуцький р-н, с. Гиряві Ісківці, вул. Садова, 4".into(),
        phones: vec!["+380 67 123 45 67".into(), "+380 50 765 43 21".into()],
        provider: "Управління соціального захисту населення Кременчуцької РДА".into(),
        service: "Призначення житлової субсидії (00156)".into(),
        card: "версія 4 від 01.09.2026".into(),
        object_address: String::new(),
        taken_at: "с. Гиряві Ісківці, вул. Садова, 4".into(),
        offline: true,
        papers: vec![
            paper("Заява про призначення житлової субсидії", "від 21.11.2026", "оригінал", "2", "ні"),
            paper(
                "Декларація про доходи і витрати осіб, які звернулися за субсидією",
                "від 21.11.2026",
                "оригінал",
                "4",
                "ні",
            ),
            paper(
                "Паспорт громадянина України",
                "ID-картка 001234567, орган 5312, дійсний до 14.03.2030",
                "копія",
                "1",
                "так, оригінал",
            ),
            paper("Договір найму житла", "№ 17 від 01.02.2024", "нотаріальна копія", "3", "ні"),
        ],
        sheets: 10,
        fee: "безоплатно".into(),
        term: "до 5 грудня 2026 року (10 робочих днів)".into(),
        consent:
            "Я даю згоду на обробку моїх персональних даних, зазначених у цьому описі та поданих документах, з метою \
            надання адміністративної послуги, відповідно до Закону України «Про захист персональних даних». \
            Згоду надано 21.11.2026."
                .into(),
        delivery: vec![
            ("особисто в центрі".into(), false),
            ("вдома, на виїзді".into(), true),
            ("поштою".into(), false),
            ("телефоном".into(), false),
        ],
        administrator: "Ірина ОЛІЙНИК".into(),
        signer: "Олег КОВАЛЕНКО".into(),
        code: code(),
        code_note: "підпис валізи".into(),
        copy: String::new(),
    }
}
