//! Names and numbers that stand nowhere else: not in the catalogue, not in the dictionary, not in the programs.

use records::fields::rnokpp_check_digit;
use serde_json::{Value, json};
use valiza_tests::programs::form;

/// What one invented resident leaves behind.
struct Resident {
    last: &'static str,
    first: &'static str,
    patronymic: &'static str,
    street: &'static str,
    issuer: &'static str,
    summary: &'static str,
    note: &'static str,
    relative: &'static str,
    serial: [u8; 4],
    phone: &'static str,
}

const RESIDENTS: [Resident; 4] = [
    Resident {
        last: "Зимоцвітенко",
        first: "Златомисла",
        patronymic: "Хризантемівна",
        street: "Хвилястобережна",
        issuer: "Кривоозерянський",
        summary: "вишнегайського",
        note: "Гавкунчика",
        relative: "Перекотиполенко",
        serial: [4, 7, 1, 2],
        phone: "+380673918254",
    },
    Resident {
        last: "Буревісниченко",
        first: "Горобинослава",
        patronymic: "Ладомирівна",
        street: "Журавлинопільська",
        issuer: "Тихоплесівський",
        summary: "калинодворського",
        note: "Мурчикотику",
        relative: "Вітродуйченко",
        serial: [8, 3, 5, 6],
        phone: "+380504827163",
    },
    Resident {
        last: "Сонцевсходько",
        first: "Ясновіта",
        patronymic: "Світозарівна",
        street: "Бузиногайківська",
        issuer: "Старовербівський",
        summary: "медунищенського",
        note: "Цвіркунищем",
        relative: "Росянотравко",
        serial: [2, 9, 6, 4],
        phone: "+380938251746",
    },
    Resident {
        last: "Громовержинюк",
        first: "Любавицвіта",
        patronymic: "Остромирівна",
        street: "Верболозянська",
        issuer: "Долинокамський",
        summary: "чебрецелукського",
        note: "Півникогребня",
        relative: "Хмаролетенко",
        serial: [6, 1, 9, 8],
        phone: "+380661739582",
    },
];

/// What the clerk writes.
pub const JOURNAL: &str = "ЖУР-77193846";
/// What the clerk asks for.
pub const GROUND: &str = "Квітковінчальну";

impl Resident {
    /// Born on 22 July 1938: day 14082 since the last day of 1899.
    fn tax_number(&self) -> String {
        let [a, b, c, d] = self.serial;
        let nine = [1, 4, 0, 8, 2, a, b, c, d & !1];
        let digits: String = nine.iter().map(|digit| char::from(b'0' + digit)).collect();
        format!("{digits}{}", rnokpp_check_digit(nine))
    }

    fn planted(&self) -> [String; 10] {
        let Self { last, first, patronymic, street, issuer, summary, note, relative, phone, .. } = self;
        let words = [last, first, patronymic, street, issuer, summary, note, relative, phone];
        let [a, b, c, d, e, f, g, h, i] = words.map(|word| (*word).to_owned());
        [a, b, c, d, e, f, g, h, i, self.tax_number()]
    }

    fn form(&self) -> Value {
        let mut form = form(self.last);
        form["applicant"]["first"] = json!(self.first);
        form["applicant"]["patr"] = json!(self.patronymic);
        form["applicant"]["rnokpp"] = json!(self.tax_number());
        form["applicant"]["org"] = json!(format!("{} РВ УМВС України в Полтавській області", self.issuer));
        form["registered"]["street"] = json!(self.street);
        form["contact"]["phone"] = json!(self.phone);
        form["summary"] = json!(format!("Просить призначити субсидію, живе біля {} ставу", self.summary));
        form["answers"]["household.1.surname"] = json!(self.relative);
        form["answers"]["dwelling_address.street"] = json!(self.street);
        form
    }
}

/// The four requests, each with the note that the officer adds.
pub fn requests() -> Vec<(Value, String)> {
    RESIDENTS.iter().map(|resident| (resident.form(), format!("У дворі {}, стукати у вікно", resident.note))).collect()
}

/// The forty of the residents.
pub fn of_residents() -> Vec<String> {
    RESIDENTS.iter().flat_map(Resident::planted).collect()
}

/// The telephone numbers as pages write them: `+380 67 391 82 54`.
pub fn phones_on_pages() -> Vec<String> {
    RESIDENTS.iter().map(|resident| pages_phone(resident.phone)).collect()
}

fn pages_phone(number: &str) -> String {
    format!("+380 {} {} {} {}", &number[4..6], &number[6..9], &number[9..11], &number[11..])
}

/// All: the residents' and the clerk's.
pub fn all() -> Vec<String> {
    of_residents().into_iter().chain([JOURNAL.to_owned(), GROUND.to_owned()]).collect()
}

#[test]
fn forty_are_planted_and_all_differ() {
    let all = of_residents();
    let different: std::collections::BTreeSet<&String> = all.iter().collect();
    assert_eq!((all.len(), different.len()), (40, 40));
    assert!(all.iter().all(|word| word.chars().count() >= 8), "short words are found by chance");
}
