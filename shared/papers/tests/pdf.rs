//! Papers as PDF/A, read back with poppler's tools (Debian: poppler-utils).

#[path = "../../pages/examples/gallery/papers.rs"]
#[allow(dead_code, unreachable_pub)] // the gallery shows more of them
mod samples;

use pages::Sheet;
use papers::pdf;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

struct Read {
    /// The file as text: what it says of itself is not compressed.
    standard: String,
    facts: String,
    fonts: String,
    text: String,
    pages: usize,
}

/// `name` tells the files of tests apart, which run at once.
fn made(name: &str, sheets: &[Sheet], large: bool) -> Read {
    let job = pdf::job(sheets, large, jiff::civil::date(2026, 11, 21));
    let started = Instant::now();
    let bytes = pdf::render(&job).unwrap();
    let first = started.elapsed();
    eprintln!("{} papers, large {large}: {} bytes in {first:?}", sheets.len(), bytes.len());
    let again = pdf::render(&job).unwrap();
    assert!(again == bytes, "the same papers are the same bytes");
    // Kept, to be looked at.
    let kind = if sheets.len() > 1 { "all" } else { sheets[0].kind.name() };
    let size = if large { "-large" } else { "" };
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{kind}{size}.pdf"));
    std::fs::write(&path, &bytes).unwrap();
    let run = |program: &str, arguments: &[&str]| {
        let to_standard_output = (program == "pdftotext").then_some("-");
        let output = Command::new(program).args(arguments).arg(&path).args(to_standard_output).output();
        let output = output.unwrap_or_else(|error| panic!("{program} (Debian: poppler-utils): {error}"));
        assert!(output.status.success(), "{program}: {output:?}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let facts = run("pdfinfo", &[]);
    let pages = facts.lines().find_map(|line| line.strip_prefix("Pages:")).unwrap().trim().parse().unwrap();
    let text = run("pdftotext", &[]).split_whitespace().collect::<Vec<_>>().join(" ");
    Read { standard: String::from_utf8_lossy(&bytes).into_owned(), facts, fonts: run("pdffonts", &[]), text, pages }
}

/// The words stand on the paper in this order.
fn in_order(text: &str, words: &[&str]) {
    let mut rest = text;
    for word in words {
        match rest.split_once(word) {
            Some((_, after)) => rest = after,
            None => panic!("«{word}» is not there, or not in its place:\n{text}"),
        }
    }
}

fn is_archival(read: &Read) {
    assert!(read.facts.contains("Tagged:          yes"), "{}", read.facts);
    assert!(read.facts.contains("(A4)"), "{}", read.facts);
    assert!(read.standard.contains("<pdfaid:part>2</pdfaid:part>"), "PDF/A-2");
    assert!(read.standard.contains("<pdfaid:conformance>A</pdfaid:conformance>"), "level a");
    for font in read.fonts.lines().skip(2) {
        assert!(font.contains("Inter") && font.contains(" yes yes yes "), "embedded, in part, with letters: {font}");
    }
}

#[test]
fn an_opys_has_every_line_in_its_order() {
    let opys = samples::opys(false);
    let read = made("an-opys", &[opys.sheet()], false);
    is_archival(&read);
    assert_eq!(read.pages, 2);
    let words = [
        "Центр надання адміністративних послуг",
        "Опис № 7-211126-014-К4М",
        "від 21 листопада 2026 року",
        "Суб’єкт звернення",
        "Коваленко Ганна Петрівна",
        "140 821 2320",
        "безоплатно",
        "Опис документів",
        "Договір найму житла",
        "Усього 10 аркушів",
        "вдома, на виїзді",
        "Ірина ОЛІЙНИК",
        "Олег КОВАЛЕНКО",
        "Місце штампа",
        "стор. 2 з 2",
    ];
    in_order(&read.text, &words);
    assert!(read.facts.contains("Опис №"), "the title: {}", read.facts);
}

#[test]
fn every_paper_in_both_sizes() {
    for large in [false, true] {
        let read = made("every-paper", &[samples::application()], large);
        is_archival(&read);
        in_order(&read.text, &["Заява №", "Прошу надати", "UA21 3223", "онука", "Додаю документи", "Олег КОВАЛЕНКО"]);
        let read = made("every-paper", &[samples::consent()], large);
        is_archival(&read);
        in_order(&read.text, &["Згода на обробку", "Мета:", "не згоден", "Свідок 2", "Ірина ОЛІЙНИК"]);
        let read = made("every-paper", &[samples::routing()], large);
        is_archival(&read);
        in_order(&read.text, &["1. Відмітка", "2026/1184", "2. Відмітка", "Гук Н. П.", "5. Відмітка"]);
    }
}

#[test]
fn many_papers_count_their_own_pages_and_break_between_rows() {
    let together = [samples::application(), samples::consent(), samples::thirty_papers().sheet(), samples::routing()];
    let read = made("many-papers", &together, false);
    is_archival(&read);
    in_order(&read.text, &["Заява № 7", "стор. 1 з", "Згода № 7", "стор. 1 з", "Опис № 7", "стор. 1 з", "стор. 1 з 1"]);
    assert!(read.text.contains("об’єкта 30"), "the last row is there");
}

#[test]
fn nothing_on_a_paper_is_read_as_markup() {
    let mut opys = samples::opys(false);
    opys.applicant = "#panic() *жирний* $x$ <a> \"\\u{22}".into();
    opys.contact = "#include \"/etc/passwd\"".into();
    let read = made("nothing-on", &[opys.sheet()], false);
    assert!(read.text.contains("#panic() *жирний* $x$ <a>"), "{}", read.text);
    assert!(read.text.contains("#include «/etc/passwd»"), "{}", read.text);
}

#[test]
fn what_is_no_job_is_refused() {
    for broken in [&b""[..], b"{}", b"[1]", b"\xff\xff", b"{\"title\": 7, \"sheets\": 1}"] {
        assert!(pdf::render(broken).is_err());
    }
}
