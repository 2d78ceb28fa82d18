//! A report in plain words, Ukrainian first.

use crate::check::{Order, Report, Shown};
use crate::file::Word;
use clock::Time;

/// The fingerprint as people copy it: 64 hexadecimal digits, with or without spaces and colons between them.
pub fn fingerprint(text: &str) -> Option<[u8; 32]> {
    let digits: Vec<u32> =
        text.chars().filter(|c| !c.is_whitespace() && *c != ':').map(|c| c.to_digit(16)).collect::<Option<_>>()?;
    let pairs: Vec<u8> = digits.as_chunks::<2>().0.iter().map(|[high, low]| (high << 4 | low) as u8).collect();
    if digits.len() == 64 { pairs.try_into().ok() } else { None }
}

/// The report, line by line. `contents`: what the changes wrote, too.
pub fn told(report: &Report, contents: bool) -> Vec<String> {
    let mut lines = Vec::new();
    if !report.number.is_empty() || report.made != 0 {
        let maker = who(report.maker);
        lines.push(format!("Справа № {} · склав(ла) {maker} · {}", report.number, moment(report.made)));
        lines.push(format!("Case {} · made by {maker}", report.number));
        lines.push(String::new());
    }
    lines.push("Перевірено / checked:".to_owned());
    lines.extend(report.holds.iter().map(|(uk, en)| format!("  [так] {uk} / {en}")));
    lines.extend(report.faults.iter().map(|(uk, en)| format!("  [НІ]  {uk} / {en}")));
    if !report.entries.is_empty() {
        lines.push(String::new());
        lines.push("Хто що записав і коли / who recorded what and when:".to_owned());
    }
    for (place, entry) in report.entries.iter().enumerate() {
        lines.extend(of_entry(place + 1, entry, contents));
    }
    lines.push(String::new());
    lines.push(if report.is_proved() {
        "Усе збігається. Файл доводить те, що в ньому є; чи немає інших записів про справу, знає лише центр. / everything holds: the file proves what is in it; whether there are other entries, only the centre knows".to_owned()
    } else {
        "НЕ ДОВЕДЕНО: дивіться рядки [НІ] / NOT PROVED: see the lines [НІ]".to_owned()
    });
    lines
}

fn who(suitcase: Option<u16>) -> String {
    suitcase.map_or_else(|| "центр / the centre".to_owned(), |number| format!("валіза {number} / suitcase {number}"))
}

fn of_entry(place: usize, entry: &Shown, contents: bool) -> Vec<String> {
    let officer = match entry.officer.as_deref() {
        None => "доручення справи / a grant of the record".to_owned(),
        Some("") => "не відкривається / does not open".to_owned(),
        Some(login) => format!("{login}, час пристрою / device time {}", moment(entry.at)),
    };
    let hash: String = entry.hash.to_string().chars().take(16).collect();
    let mut lines =
        vec![format!("{place}. {} · запис / entry № {} ({hash}) · {officer}", who(entry.suitcase), entry.seq)];
    let bound = |time: Option<i64>| time.map_or_else(|| "не доведено / not proved".to_owned(), moment);
    lines.push(format!("   не раніше / not before: {}", bound(entry.not_before)));
    lines.push(format!("   не пізніше / not after: {}", bound(entry.not_after)));
    lines.push(format!("   порядок / order: {}", order(entry.order)));
    if let Some(word) = entry.word {
        lines.push(format!("   у центрі / at the centre: {}", word_of(word)));
    }
    if let Some(from) = entry.revoked {
        lines.push(format!("   увага: автора відкликано з / mind: its author is revoked from {}", moment(from)));
    }
    if contents {
        lines.extend(entry.values.iter().map(|(label, value)| format!("     {label}: {value}")));
    }
    lines
}

fn order(order: Order) -> &'static str {
    match order {
        Order::First => "перший / the first",
        Order::Chain => "після попереднього: той самий ланцюг / after the one before: the same chain",
        Order::Bounds => "після попереднього: за межами часу / after the one before: by the bounds in time",
        Order::Stated => "лише за годинниками пристроїв / by the devices' clocks only",
    }
}

fn word_of(word: u8) -> &'static str {
    match word {
        0 | 8 => "серед записів справи / among its records",
        1 => "не відкрито / not opened",
        2 => "не взято: не той вигляд / not taken: another form",
        3 => "чекає на новішу програму / waits for a newer program",
        4 => "карантин: автора відкликано / quarantine: the author is revoked",
        5 => "пропозиція, рішення за людиною / a proposal, a person decides",
        6 => "не взято: підпис / not taken: signature",
        7 => "розгалуження ланцюга / a fork of the chain",
        9 => "стерто за розпорядженням / erased by an order",
        Word::NOT_JUDGED => "ще не розглянуто / not judged yet",
        _ => "відкладено з причини, новішої за цю програму / set aside for a reason newer than this program",
    }
}

/// In Kyiv's time, to the second.
fn moment(ms: i64) -> String {
    Time(ms).kyiv().map_or_else(|| Time(ms).to_string(), |zoned| zoned.strftime("%d.%m.%Y %H:%M:%S").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_was_not_judged_is_no_code_of_a_verdict() {
        assert!(chain::ExceptionCode::from_code(Word::NOT_JUDGED).is_err());
        let mut words: Vec<&str> = (0..=u8::MAX).map(word_of).collect();
        assert!(
            word_of(9).contains("стерто") && word_of(255).contains("не розглянуто") && word_of(77).contains("новішої")
        );
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), 11, "0 and 8 are one, and so are all of later versions");
    }

    #[test]
    fn a_fingerprint_is_read_as_people_copy_it() {
        let plain = "ab".repeat(32);
        let spaced: String = plain.as_bytes().chunks(4).map(|c| format!("{} ", String::from_utf8_lossy(c))).collect();
        assert_eq!(fingerprint(&plain), Some([0xab; 32]));
        assert_eq!(fingerprint(&spaced.to_uppercase()), Some([0xab; 32]));
        assert_eq!(fingerprint(&plain[2..]), None);
        assert_eq!(fingerprint(&plain.replace('a', "є")), None);
    }
}
