//! Simple changes to the files of a release that need no editor: a price, a term, what may be done at a home, a note, a
//! base amount, holidays. Each touches its own place of one file.

use super::DeskError;
use super::json_spans::{self, Step};
use catalogue::{FRAME, HOLIDAYS, Mode, ReleaseSource, group_file};
use jiff::civil::Date;
use serde_json::{Map, Value, json};

/// Which of a service's prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PricePlace {
    /// The usual one.
    Usual,
    /// Of a case, instead of the usual one; from 0.
    Variant(usize),
    /// Added in a case; from 0.
    Surcharge(usize),
}

/// A price as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewPrice {
    /// For the usual price alone: no source says whether anything is to be paid.
    NotKnown,
    /// Nothing is to be paid.
    Free,
    /// Something is to be paid; how much is not known.
    AmountNotKnown,
    /// Hryvnias: `55,00`.
    Amount(String),
    /// Per cent of a base amount: `1,5` and the base's key.
    Share(String, String),
}

/// A term as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTerm {
    /// How many; empty: not known.
    pub value: String,
    /// `hour`, `day`, `working`, `calendar` or `month`.
    pub unit: String,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CatalogueEdit {
    /// What one service is from now on; what it says already is not touched.
    Service {
        /// Its slug.
        slug: String,
        /// Its prices.
        prices: Vec<(PricePlace, NewPrice)>,
        /// Its usual term.
        term: NewTerm,
        /// The most that may be done at a home.
        mode: Mode,
        /// Its note, Ukrainian and English; both empty: none.
        note: (String, String),
    },
    /// One more value of a base amount.
    BaseValue {
        /// The base's key.
        base: String,
        /// First day.
        from: Date,
        /// Hryvnias: `3 328,00`.
        amount: String,
    },
    /// One more holiday.
    Holiday {
        /// Its name, Ukrainian and English.
        name: (String, String),
        /// Month and day; the year is the first one.
        first: Date,
    },
    /// The last year of a holiday, by its place in the list.
    HolidayEnds(usize, i16),
    /// The last day of martial law.
    MartialLawEnds(Date),
}

/// The file that a change touches, and its new text.
pub(super) fn apply(source: &ReleaseSource, edit: &CatalogueEdit, day: Date) -> Result<(String, String), DeskError> {
    match edit {
        CatalogueEdit::Service { slug, prices, term, mode, note } => {
            let group = group_of(source, slug)?;
            let name = group_file(&group);
            let mut service = Service { text: file(source, &name)?.to_owned(), slug };
            service.prices(prices, day)?;
            service.term(term)?;
            service.set(&["outreach"], "mode", Some(mode_word(*mode).into()))?;
            service.note(note)?;
            Ok((name, service.text))
        }
        CatalogueEdit::BaseValue { base, from, amount } => {
            let text = base_value(file(source, FRAME)?, base, *from, &decimal(amount)?)?;
            Ok((FRAME.to_owned(), text))
        }
        CatalogueEdit::Holiday { name: (uk, en), first } => {
            let (month, of_month) = (first.month(), first.day());
            let one = json!({ "uk": uk, "en": en, "day": format!("{month:02}-{of_month:02}"),
                              "from_year": first.year(), "to_year": null });
            let text = json_spans::push(file(source, HOLIDAYS)?, &[Step::Key("holidays")], &one);
            Ok((HOLIDAYS.to_owned(), text.ok_or_else(no_place)?))
        }
        CatalogueEdit::HolidayEnds(at, year) => {
            let path = [Step::Key("holidays"), Step::At(*at), Step::Key("to_year")];
            let text = json_spans::put(file(source, HOLIDAYS)?, &path, &json!(year));
            Ok((HOLIDAYS.to_owned(), text.ok_or_else(no_place)?))
        }
        CatalogueEdit::MartialLawEnds(day) => {
            let text = file(source, HOLIDAYS)?;
            let periods = json_spans::get(text, &[Step::Key("martial_law")]);
            let last = periods.as_ref().and_then(Value::as_array).map_or(0, |all| all.len().saturating_sub(1));
            let path = [Step::Key("martial_law"), Step::At(last), Step::Key("to")];
            let text = json_spans::put(text, &path, &json!(day.to_string()));
            Ok((HOLIDAYS.to_owned(), text.ok_or_else(no_place)?))
        }
    }
}

/// The word of a mode in the files.
pub fn mode_word(mode: Mode) -> &'static str {
    match mode {
        Mode::CompleteOnSite => "complete_on_site",
        Mode::IntakeOnly => "intake_only",
        Mode::OnlineAssist => "online_assist",
        Mode::NotAvailable => "not_available",
    }
}

/// The mode of a word in the files.
pub fn mode_of(word: &str) -> Option<Mode> {
    let all = [Mode::CompleteOnSite, Mode::IntakeOnly, Mode::OnlineAssist, Mode::NotAvailable];
    all.into_iter().find(|mode| mode_word(*mode) == word)
}

fn file<'a>(source: &'a ReleaseSource, name: &str) -> Result<&'a str, DeskError> {
    source.file(name).ok_or_else(no_place)
}

fn no_place() -> DeskError {
    DeskError::refused(
        "у файлах випуску немає місця для цієї зміни: змініть файл в редакторі й завантажте його",
        "the release's files have no place for this change: change the file in an editor and upload it",
    )
}

fn group_of(source: &ReleaseSource, slug: &str) -> Result<String, DeskError> {
    let path = [Step::Key("services"), Step::Where("slug", slug), Step::Key("slug")];
    let has = |(name, text): &(&str, &str)| name.starts_with("services/") && json_spans::get(text, &path).is_some();
    let found = source.files().find(has).and_then(|(_, text)| json_spans::get(text, &[Step::Key("group")]));
    found.and_then(|group| group.as_str().map(str::to_owned)).ok_or_else(|| no_service(slug))
}

pub(super) fn no_service(slug: &str) -> DeskError {
    let slug: String = slug.chars().take(64).collect();
    DeskError::not_found(
        format!("послуги «{slug}» у випуску немає: перегляньте список послуг"),
        format!("the release has no service “{slug}”: look at the list of services"),
    )
}

/// Hryvnias or per cent as typed, the way the files have them: digits, a point, two decimals.
fn decimal(typed: &str) -> Result<String, DeskError> {
    let bare: String = typed.chars().filter(|c| !c.is_whitespace()).collect::<String>().replace(',', ".");
    let (whole, part) = bare.split_once('.').unwrap_or((&bare, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || part.len() > 2 || !digits(whole) || !digits(part) {
        let typed: String = typed.chars().take(40).collect();
        return Err(DeskError::refused(
            format!("«{typed}» не є числом: впишіть цифри, а після коми не більше двох, наприклад 49,92"),
            format!("“{typed}” is no number: write digits, at most two after the comma, such as 49.92"),
        ));
    }
    Ok(format!("{whole}.{part:0<2}"))
}

/// The text of a group's file while one of its services changes.
struct Service<'a> {
    text: String,
    slug: &'a str,
}

impl Service<'_> {
    fn path<'a>(&'a self, inner: &[&'a str]) -> Vec<Step<'a>> {
        let service = [Step::Key("services"), Step::Where("slug", self.slug)];
        service.into_iter().chain(inner.iter().map(|key| Step::Key(key))).collect()
    }

    fn get(&self, inner: &[&str]) -> Option<Value> {
        json_spans::get(&self.text, &self.path(inner))
    }

    /// Sets a member, or takes it away; what says the same already is not touched.
    fn set(&mut self, object: &[&str], key: &str, value: Option<Value>) -> Result<(), DeskError> {
        let inner: Vec<&str> = object.iter().copied().chain([key]).collect();
        if self.get(&inner) == value {
            return Ok(());
        }
        let text = match value {
            Some(value) => json_spans::put(&self.text, &self.path(&inner), &value),
            None => json_spans::remove(&self.text, &self.path(object), key),
        };
        self.text = text.ok_or_else(no_place)?;
        Ok(())
    }

    fn note(&mut self, (uk, en): &(String, String)) -> Result<(), DeskError> {
        match (uk.is_empty(), en.is_empty()) {
            (true, true) => self.set(&[], "note", None),
            (false, false) => self.set(&[], "note", Some(json!({ "uk": uk, "en": en }))),
            _ => Err(DeskError::refused(
                "впишіть примітку обома мовами або жодною",
                "write the note in both languages, or in neither",
            )),
        }
    }

    fn term(&mut self, term: &NewTerm) -> Result<(), DeskError> {
        if term.value.is_empty() {
            return self.set(&["term"], "usual", None);
        }
        let value: u16 = term.value.parse().map_err(|_| {
            DeskError::refused(
                "строк — це число, наприклад 10; якщо строк не відомий, залиште порожнім",
                "a term is a number, such as 10; leave it empty if it is not known",
            )
        })?;
        let length = match term.unit.as_str() {
            "hour" | "day" | "month" => json!({ "value": value, "unit": term.unit }),
            "working" | "calendar" => json!({ "value": value, "unit": "day", "days": term.unit }),
            _ => {
                return Err(DeskError::refused(
                    "виберіть, чого стільки: днів чи місяців",
                    "choose of what: days or months",
                ));
            }
        };
        self.set(&["term"], "usual", Some(length))
    }

    fn prices(&mut self, prices: &[(PricePlace, NewPrice)], day: Date) -> Result<(), DeskError> {
        let Some(Value::Object(mut fee)) = self.get(&["fee"]) else { return Err(no_place()) };
        for (place, price) in prices {
            set_price(&mut fee, *place, price, day)?;
        }
        self.set(&[], "fee", Some(Value::Object(fee)))
    }
}

fn set_price(fee: &mut Map<String, Value>, place: PricePlace, price: &NewPrice, day: Date) -> Result<(), DeskError> {
    let (list, at) = match place {
        PricePlace::Usual => return set_usual(fee, price, day),
        PricePlace::Variant(at) => ("variants", at),
        PricePlace::Surcharge(at) => ("surcharges", at),
    };
    let of_case = fee.get_mut(list).and_then(|all| all.get_mut(at)).and_then(|one| one.get_mut("price"));
    let of_case = of_case.ok_or_else(no_place)?;
    *of_case = written(price, Some(of_case), day)?;
    Ok(())
}

fn set_usual(fee: &mut Map<String, Value>, price: &NewPrice, day: Date) -> Result<(), DeskError> {
    let has = |list: &str| fee.get(list).and_then(Value::as_array).is_some_and(|all| !all.is_empty());
    let cases = has("variants") || has("surcharges");
    let kind = match price {
        NewPrice::NotKnown if cases => {
            return Err(DeskError::refused(
                "послуга має ціни для окремих випадків: щоб уся плата стала невідомою, змініть файл її групи",
                "the service has prices for some cases: to make the whole fee not known, change its group's file",
            ));
        }
        NewPrice::NotKnown => "unknown",
        // Usually nothing, in some cases something.
        NewPrice::Free if !cases => "free",
        _ => "charged",
    };
    if kind != "charged" {
        fee.insert("kind".into(), kind.into());
        fee.shift_remove("usual");
        return Ok(());
    }
    let usual = written(price, fee.get("usual"), day)?;
    fee.insert("kind".into(), kind.into());
    if fee.insert("usual".into(), usual).is_none() {
        // A new member stands at the end: the files have it after the kind.
        let rest: Vec<String> = fee.keys().filter(|key| !matches!(key.as_str(), "kind" | "usual")).cloned().collect();
        for key in rest {
            let value = fee.shift_remove(&key);
            fee.insert(key, value.unwrap_or_default());
        }
    }
    Ok(())
}

/// A price as the files have it; the one before, if it says the same. An amount holds as of the release's first day.
fn written(price: &NewPrice, before: Option<&Value>, day: Date) -> Result<Value, DeskError> {
    let said = |key: &str| before.and_then(|before| before.get(key)).and_then(Value::as_str);
    let same = |key: &str, amount: &str| said(key).is_some_and(|text| decimal(text).is_ok_and(|one| one == amount));
    Ok(match price {
        NewPrice::NotKnown | NewPrice::AmountNotKnown => json!({ "unknown": true }),
        NewPrice::Free => json!({ "nothing": true }),
        NewPrice::Amount(typed) => match (decimal(typed)?, before) {
            (amount, Some(before)) if same("amount", &amount) => before.clone(),
            (amount, _) => json!({ "amount": amount, "as_of": day.to_string() }),
        },
        NewPrice::Share(typed, base) => match (decimal(typed)?, before) {
            (percent, Some(before)) if same("percent", &percent) && said("of") == Some(base) => before.clone(),
            (percent, before) => {
                let mut share = json!({ "percent": percent, "of": base });
                if let (Some(unit), Some(share)) = (before.and_then(|one| one.get("round_to")), share.as_object_mut()) {
                    share.insert("round_to".into(), unit.clone());
                }
                share
            }
        },
    })
}

/// The frame with a base's value from a day: the value of that day ends the day before, and the new one ends where it did.
fn base_value(text: &str, base: &str, from: Date, amount: &str) -> Result<String, DeskError> {
    let values = [Step::Key("fee_bases"), Step::Where("id", base), Step::Key("values")];
    let all = json_spans::get(text, &values).ok_or_else(|| {
        DeskError::refused("виберіть базову величину зі списку", "choose a base amount from the list")
    })?;
    let all = all.as_array().ok_or_else(no_place)?;
    let day = |one: &Value, key: &str| one.get(key).and_then(Value::as_str).and_then(|text| text.parse::<Date>().ok());
    let at = |index: usize, key| [&values[..], &[Step::At(index), Step::Key(key)]].concat();
    if let Some(same) = all.iter().position(|one| day(one, "from") == Some(from)) {
        return json_spans::put(text, &at(same, "amount"), &json!(amount)).ok_or_else(no_place);
    }
    let covers = |one: &Value| day(one, "from") < Some(from) && day(one, "to").is_none_or(|to| from <= to);
    let eve = from.yesterday().map(|day| day.to_string()).map_err(|_| no_place())?;
    let next = all.iter().filter_map(|one| day(one, "from")).filter(|start| *start > from).min();
    let until = next.and_then(|start| start.yesterday().ok());
    let (mut text, mut end) = (text.to_owned(), until);
    if let Some(index) = all.iter().position(covers) {
        end = [until, day(&all[index], "to")].into_iter().flatten().min();
        text = json_spans::put(&text, &at(index, "to"), &json!(eve)).ok_or_else(no_place)?;
    }
    let new = json!({ "from": from.to_string(), "to": end.map(|day| day.to_string()), "amount": amount });
    if next.is_none() {
        return json_spans::push(&text, &values, &new).ok_or_else(no_place);
    }
    let mut sorted = json_spans::get(&text, &values).ok_or_else(no_place)?;
    if let Some(list) = sorted.as_array_mut() {
        list.push(new);
        list.sort_by_key(|one| day(one, "from"));
    }
    json_spans::put(&text, &values, &sorted).ok_or_else(no_place)
}
