//! The catalogue's pages as an administrator uses them; clerks read.

use super::*;
use ::catalogue::ReleaseSource;

const SEP: &str = "----a-form-of-a-test";

fn part(name: &str, file: Option<&str>, bytes: &[u8]) -> Vec<u8> {
    let file =
        file.map(|file| format!("; filename=\"{file}\"\r\nContent-Type: application/octet-stream")).unwrap_or_default();
    let head = format!("--{SEP}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
    [head.as_bytes(), bytes, b"\r\n"].concat()
}

impl Browser {
    async fn send_files(&self, path: &str, texts: &[(&str, &str)], files: &[(&str, &[u8])]) -> Got {
        let mut body: Vec<u8> = texts.iter().flat_map(|(name, text)| part(name, None, text.as_bytes())).collect();
        body.extend(files.iter().flat_map(|(name, bytes)| part("files", Some(name), bytes)));
        body.extend(format!("--{SEP}--\r\n").bytes());
        let request = self.request(Method::POST, path).header("sec-fetch-site", "same-origin");
        let request = request.header(CONTENT_TYPE, format!("multipart/form-data; boundary={SEP}"));
        self.send(request.body(Body::from(body)).unwrap()).await
    }
}

fn file(name: &str) -> String {
    ReleaseSource::embedded().file(name).unwrap().to_owned()
}

#[tokio::test]
async fn a_fee_is_changed_without_files_tried_and_published() {
    let mut bench = bench().await;
    let _seven = bench.town.suitcase(7);
    bench.admin.get("/catalogue").await.says("випуск 1").says("в дії").says("Чернеток немає");
    let begun =
        bench.admin.send_files("/catalogue/drafts", &[("title", "плата з 1 січня"), ("from", "1.1.2027")], &[]).await;
    let draft = begun.location().to_owned();
    assert_eq!((begun.status, draft.as_str()), (StatusCode::SEE_OTHER, "/catalogue/drafts/1"), "{}", begun.body);
    bench.admin.get(&draft).await.says("публікувати нема чого").says("01.01.2027");

    let service = format!("{draft}/services/id-and-travel-passport");
    let form = bench.admin.get(&service).await;
    form.says("сума в гривнях").says("Так послугу побачить працівник");
    let fields = |kind: &'static str, value: &'static str, revision: &'static str| {
        [
            ("price-0-kind", kind),
            ("price-0-value", value),
            ("term", "20"),
            ("unit", "working"),
            ("mode", "intake_only"),
            ("note-uk", "за рішенням ради"),
            ("note-en", "by the council's decision"),
            ("revision", revision),
        ]
    };
    let wrong = bench.admin.post(&service, &fields("amount", "сто гривень", "1")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong.says("не є числом").says("value=\"сто гривень\"").says("за рішенням ради");
    let saved = bench.admin.post(&service, &fields("amount", "1 200,5", "1")).await;
    assert_eq!(saved.location(), "/catalogue/drafts/1?done=edit", "{}", saved.body);
    bench.admin.get(saved.location()).await.says("Зміну збережено").says("200,50").says("services/passport.json");
    bench.admin.post(&service, &fields("amount", "1", "1")).await.says("тим часом змінили");

    let tried =
        bench.admin.post(&format!("{draft}/try"), &[("revision", "2"), ("suitcase", "7"), ("trial-from", "")]).await;
    assert_eq!(tried.location(), "/catalogue/drafts/1?done=try", "{}", tried.body);
    bench.admin.get(tried.location()).await.says("випуск 2: валіза 7").says("Буде випуском");
    bench.admin.get("/catalogue").await.says("пробний, валіза 7");
    bench.admin.get("/catalogue/who").await.says("пробує випуск 2").says("ще не має");

    let publish = format!("{draft}/publish");
    bench.admin.post(&publish, &[("revision", "2"), ("number", "")]).await.says("Це буде випуск 3");
    let done = bench.admin.post(&publish, &[("revision", "2"), ("number", "3")]).await;
    assert_eq!(done.location(), "/catalogue?done=publish", "{}", done.body);
    bench
        .admin
        .get(done.location())
        .await
        .says("Випуск опубліковано")
        .says("набуде чинності")
        .says("пробний, валіза 7");
    let page = bench.clerk.get("/catalogue/releases/3").await;
    page.says("Відмінності від випуску 1").says("200,50").says("Завантажити всі файли");
    assert!(!page.body.contains("Почати чернетку"), "clerks read");
    bench.clerk.get("/catalogue/releases/3/services/id-and-travel-passport").await.says("за рішенням ради");
    bench.clerk.get("/catalogue/releases/3?lang=en").await.says("Differences from release 1");
    let whole = bench.clerk.get("/catalogue/releases/3/file").await;
    assert!(whole.headers["content-disposition"].to_str().unwrap().contains("release-3-catalogue.json"));
    let again = bench.admin.send_files("/catalogue/drafts", &[], &[("x.json", whole.body.as_bytes())]).await;
    bench.admin.get(again.location()).await.says("Нічого не змінено");
    let one = bench.clerk.get("/catalogue/releases/1/file?name=services/land.json").await;
    assert_eq!(one.body, file("services/land.json"));
    assert_eq!(bench.clerk.get("/catalogue/releases/9").await.status, StatusCode::NOT_FOUND);
    assert_eq!(bench.clerk.get("/catalogue/releases/x").await.status, StatusCode::NOT_FOUND);
    assert_eq!(bench.clerk.get("/catalogue/releases/1/services/none").await.status, StatusCode::NOT_FOUND);
    assert_eq!(bench.clerk.get("/catalogue/releases/1/file?name=../secret").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_urgent_release_is_compared_with_what_is_in_force_that_day() {
    let bench = bench().await;
    let planned = file("holidays.json").replace("\"from_year\": 2017", "\"from_year\": 2018");
    let files: [(&str, &[u8]); 1] = [("holidays.json", planned.as_bytes())];
    let begun = bench.admin.send_files("/catalogue/drafts", &[("from", "1.1.2027")], &files).await;
    let publish = format!("{}/publish", begun.location());
    assert_eq!(
        bench.admin.post(&publish, &[("revision", "1"), ("number", "2")]).await.location(),
        "/catalogue?done=publish"
    );
    let urgent = file("catalogue.json").replace("\"3328.00\"", "\"3400.00\"");
    let files: [(&str, &[u8]); 1] = [("catalogue.json", urgent.as_bytes())];
    let begun = bench.admin.send_files("/catalogue/drafts", &[("from", "21.11.2026")], &files).await;
    let page = bench.admin.get(begun.location()).await;
    page.says("Що зміниться проти випуску 2").says("Що зміниться 21.11.2026 проти випуску 1");
    page.says("почнуть діяти вже з 21.11.2026").says("чому його зміни мають почати діяти раніше");
    let publish = format!("{}/publish", begun.location());
    let bare = bench.admin.post(&publish, &[("revision", "1"), ("number", "3")]).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    bare.says("заплановано з 2027-01-01");
    let done = [("revision", "1"), ("number", "3"), ("reason", "рішення ради")];
    assert_eq!(bench.admin.post(&publish, &done).await.location(), "/catalogue?done=publish");
}

#[tokio::test]
async fn uploads_are_checked_and_told_in_words() {
    let bench = bench().await;
    let good = file("holidays.json").replace("\"from_year\": 2017", "\"from_year\": 2018");
    let begun = bench.admin.send_files("/catalogue/drafts", &[], &[("holidays.json", good.as_bytes())]).await;
    let draft = begun.location().to_owned();
    bench.admin.get(&draft).await.says("Календар").says("2018");
    let whole = "x".repeat(5 * 1024 * 1024 + 1);
    let huge = bench.admin.send_files("/catalogue/drafts", &[], &[("a.json", whole.as_bytes())]).await;
    assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
    huge.says("Надіслано забагато");
    let odd: [(&str, &[u8], &str); 5] = [
        ("holidays.json", b"", "порожній"),
        ("catalogue.zip", b"PK\x03\x04zip", "архів"),
        ("holidays.json", b"\xff\xfe{\x00", "не UTF-8"),
        ("report.pdf", b"%PDF-1.7", "такого у випуску немає"),
        ("big.json", &[b' '; 4 * 1024 * 1024 + 1], "більший за 4"),
    ];
    let files = format!("{draft}/files");
    for (name, bytes, says) in odd {
        let got = bench.admin.send_files(&files, &[("revision", "1")], &[(name, bytes)]).await;
        assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        got.says(says);
    }
    bench.admin.send_files(&files, &[("revision", "1")], &[("", b"")]).await.says("иберіть хоча б один файл");
    let broken = file("services/idp.json").replacen("\"intake_only\"", "\"nowhere\"", 1).replacen(
        "\"official_id\": \"",
        "\"official_id\": \"x",
        1,
    );
    let kept = bench.admin.send_files(&files, &[("revision", "1")], &[("idp.json", broken.as_bytes())]).await;
    assert_eq!(kept.location(), format!("{draft}?done=upload"));
    let page = bench.admin.get(kept.location()).await;
    page.says("У файлах є помилки").says("services/idp.json").says("nowhere").says("п’ять цифр");
    assert!(!page.body.contains("Опублікувати для всіх"), "what has faults is not published");
    let refused = bench.admin.post(&format!("{draft}/publish"), &[("revision", "2"), ("number", "2")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let dropped = bench.admin.post(&format!("{draft}/drop"), &[("name", "services/idp.json"), ("revision", "2")]).await;
    assert_eq!(dropped.location(), format!("{draft}?done=drop"), "{}", dropped.body);
    bench.admin.get(&draft).await.says("Опублікувати для всіх");
    assert_eq!(
        bench.admin.post(&format!("{draft}/discard"), &[("revision", "3")]).await.location(),
        "/catalogue?done=discard"
    );
    assert_eq!(bench.admin.get(&draft).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn base_amounts_holidays_and_a_late_day() {
    let bench = bench().await;
    let draft = bench.admin.send_files("/catalogue/drafts", &[("from", "01.01.2027")], &[]).await.location().to_owned();
    let shared = format!("{draft}/shared");
    bench.admin.get(&shared).await.says("прожитковий мінімум").says("328,00").says("Новий рік").says("триває");
    let base =
        [("what", "base"), ("base", "PM_WORKING"), ("from", "01.01.2027"), ("amount", "3500"), ("revision", "1")];
    assert_eq!(bench.admin.post(&shared, &base).await.location(), format!("{draft}?done=edit"));
    bench.admin.get(&draft).await.says("500,00").says("збір");
    let odd = [("what", "base"), ("base", ""), ("from", "завтра"), ("amount", "1"), ("revision", "2")];
    bench.admin.post(&shared, &odd).await.says("Впишіть день як").says("value=\"завтра\"");
    let holiday =
        [("what", "holiday"), ("name-uk", "День громади"), ("name-en", ""), ("first", "3.6.2027"), ("revision", "2")];
    bench.admin.post(&shared, &holiday).await.says("порожній текст");
    let set = [("from", "20.11.2026"), ("title", "пізно"), ("revision", "2")];
    assert_eq!(bench.admin.post(&format!("{draft}/set"), &set).await.location(), format!("{draft}?done=set"));
    let publish = format!("{draft}/publish");
    bench.admin.post(&publish, &[("revision", "1"), ("number", "2"), ("reason", "x")]).await.says("тим часом змінили");
    bench.admin.post(&publish, &[("revision", "3"), ("number", "2")]).await.says("уже минув");
    assert_eq!(
        bench
            .admin
            .post(&publish, &[("revision", "3"), ("number", "2"), ("reason", "розпорядження № 5")])
            .await
            .location(),
        "/catalogue?done=publish"
    );
    bench.admin.get("/catalogue").await.says("розпорядження № 5");
    let back = bench.admin.post("/catalogue/drafts/back", &[("release", "1")]).await.location().to_owned();
    bench.admin.get(&back).await.says("Як у випуску 1").says("прибрано: 3").says("Опублікувати для всіх");
    bench.admin.post("/catalogue/drafts/back", &[("release", "77")]).await.says("Випуску 77 тут немає");
    bench.admin.post("/catalogue/trials/end", &[("suitcase", "7")]).await.says("не пробує");
}
