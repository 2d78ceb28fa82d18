//! The end of a shift, the register of numbers and the evidence of a case, with the real programs.

use std::process::Command;
use valiza_tests::programs::{Centre, Said, form, program, wait_for};

fn check_evidence(arguments: &[&str]) -> Said {
    Said::from(Command::new(program("check-evidence")).args(arguments).output().unwrap())
}

#[test]
fn a_shift_ends_with_a_signed_word_once_nothing_is_left() {
    let mut centre = Centre::start();
    let suitcase = centre.suitcase(7);
    centre.stop();
    let number = suitcase.record(&form("Коваленко"));
    let early = suitcase.call(&["end-shift"]);
    assert_eq!(early.code, Some(1), "{early:?}");
    assert!(early.err.contains("зміну ще не закінчено") && early.err.contains("лише на цьому ноутбуці"), "{early:?}");
    assert!(early.out.contains(&number), "what waits is named: {early:?}");
    // Without a network waiting does not help, and says why.
    let alone = suitcase.call(&["end-shift", "--wait", "20"]);
    assert!(alone.code == Some(1) && alone.err.contains("немає зв’язку"), "{alone:?}");

    centre.run();
    let file = centre.root().join("shift.txt");
    let path = file.to_str().unwrap();
    let over = suitcase.call(&["end-shift", "--wait", "60", "--out", path]).ok();
    assert!(over.out.contains("на валізі нічого не залишилося") && over.out.contains("VALIZA-E-"), "{over:?}");
    // Saying it left nothing unsent: it is said again, of the same last entry.
    let again = suitcase.call(&["end-shift", "--json"]).json();
    assert_eq!(again["over"], true);
    let status = suitcase.call(&["status", "--json"]).json();
    assert_eq!(status["waiting_entries"], 0, "{status:#}");

    let checked = centre.call(&["check-statement", path, "--json"]).json();
    assert_eq!((checked["holds"].as_bool(), checked["suitcase"].as_u64()), (Some(true), Some(7)), "{checked:#}");
    assert_eq!((checked["today"].as_u64(), checked["later"].as_u64()), (Some(1), Some(0)), "{checked:#}");
    let text = std::fs::read_to_string(&file).unwrap();
    let forged = centre.root().join("forged.txt");
    let at = text.find("VALIZA-E-").unwrap() + 120;
    let other = if text.as_bytes()[at] == b'0' { "1" } else { "0" };
    std::fs::write(&forged, format!("{}{other}{}", &text[..at], &text[at + 1..])).unwrap();
    let refused = centre.call(&["check-statement", forged.to_str().unwrap()]);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    let nothing = centre.call(&["check-statement", centre.passphrase().to_str().unwrap()]);
    assert!(nothing.code == Some(1) && nothing.err.contains("не акт кінця зміни"), "{nothing:?}");

    // One request more, and the word is not given again until that one is at the centre, too.
    suitcase.record(&form("Гук"));
    assert_eq!(suitcase.call(&["end-shift"]).code, Some(1));
    suitcase.call(&["end-shift", "--wait", "60"]).ok();
    let checked = centre.call(&["check-statement", path, "--json"]).json();
    assert!(checked["later"].as_u64() > Some(0), "the first statement is true of its time: {checked:#}");
}

#[test]
fn a_number_that_was_not_used_is_void_and_a_gap_is_in_doubt() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    let first = suitcase.record(&form("Коваленко"));
    let day: String = first.split('-').nth(1).unwrap().to_owned();
    let date = |text: &str| text.parse::<u16>().unwrap();
    let of_day = (2000 + date(&day[4..6]), date(&day[2..4]) as u8, date(&day[0..2]) as u8);
    let spoilt = ids::ReceiptNumber::new(7, of_day, 3, [1, 2]).unwrap().to_string();
    let used = suitcase.call(&["void-number", &first, "--reason", "помилка"]);
    assert!(used.code == Some(1) && used.err.contains("за цим номером є звернення"), "{used:?}");
    suitcase.call(&["void-number", &spoilt, "--reason", "принтер зім’яв бланк"]).ok();
    let listed = suitcase.call(&["void-number", "--json"]).json();
    assert_eq!(listed[0]["number"], spoilt.as_str());
    suitcase.sync().ok();
    let numbers = wait_for(|| {
        let told = centre.call(&["numbers", "--json"]).json();
        (told["counts"]["void"] == 1 && told["counts"]["used"] == 1).then_some(told)
    });
    assert_eq!(numbers["counts"]["doubtful"], 1, "the second number of the day: {numbers:#}");
    let doubtful = centre.call(&["numbers", "--state", "doubtful", "--suitcase", "7"]).ok();
    assert!(doubtful.out.contains(&format!("7-{day}-002")) && doubtful.out.contains("сумнівний"), "{doubtful:?}");
    assert!(doubtful.out.contains("лічильник його проминув") && !doubtful.out.contains(&first), "{doubtful:?}");
    let void = centre.call(&["numbers", "--state", "void"]).ok();
    assert!(void.out.contains("зім’яв бланк"), "{void:?}");
}

#[test]
fn the_evidence_of_a_case_is_checked_by_a_program_of_its_own() {
    let centre = Centre::start();
    let suitcase = centre.suitcase(7);
    suitcase.record(&form("Гук"));
    suitcase.call(&["end-shift", "--wait", "60"]).ok();
    let number = suitcase.record(&form("Коваленко"));
    suitcase.call(&["end-shift", "--wait", "60"]).ok();
    centre.call(&["answer", &number, "accept"]).ok();
    centre.call(&["answer", &number, "number", "--text", "Ж-15"]).ok();
    wait_for(|| {
        suitcase.sync().ok();
        (suitcase.row(&number)["official"] == "Ж-15").then_some(())
    });
    let path = |name: &str| centre.root().join(name).to_str().unwrap().to_owned();
    let (of_desk, of_suitcase) = (path("desk.evidence"), path("suitcase.evidence"));
    let taken = centre.call(&["evidence", &number, "--out", &of_desk, "--json"]).json();
    let root = taken["root"].as_str().unwrap().to_owned();
    assert_eq!(centre.call(&["evidence", &number, "--out", &of_desk]).code, Some(1), "nothing is written over");
    let own = suitcase.call(&["evidence", &number, "--out", &of_suitcase, "--json"]).json();
    assert_eq!(own["root"], root.as_str());
    for file in [&of_desk, &of_suitcase] {
        let proved = check_evidence(&[file, "--root", &root]).ok();
        for words in [number.as_str(), "[так] корінь", "валіза 7", "olena", "Усе збігається"]
        {
            assert!(proved.out.contains(words), "{words}: {proved:#?}");
        }
        assert!(!proved.out.contains("[НІ]") && !proved.out.contains("Коваленко"), "{proved:#?}");
        let first = proved.out.lines().skip_while(|line| !line.starts_with("1. валіза 7"));
        let bounds: Vec<&str> = first.skip(1).take(2).collect();
        assert!(bounds.iter().all(|line| !line.contains("не доведено")), "both bounds: {bounds:?}");
        let shown = check_evidence(&[file, "--root", &root, "--contents"]).ok();
        assert!(shown.out.contains("Коваленко"), "{shown:#?}");
        let mut bytes = std::fs::read(file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(path("changed"), bytes).unwrap();
        let changed = check_evidence(&[&path("changed"), "--root", &root]);
        assert!(changed.code == Some(1) && changed.out.contains("НЕ ДОВЕДЕНО"), "{changed:#?}");
    }
    let other = check_evidence(&[&of_desk, "--root", &"0".repeat(64)]);
    assert!(other.code == Some(1) && other.out.contains("корінь у файлі не той"), "{other:#?}");
    assert_eq!(check_evidence(&[&of_desk]).code, Some(2));
    assert_eq!(check_evidence(&[&path("passphrase"), "--root", &root]).code, Some(1));
    let audit = centre.call(&["audit", "--number", &number]).ok();
    assert!(audit.out.contains("узято файл доказів"), "{audit:?}");
}
