//! Invented people and requests as fields of records: what an officer's program writes.

use catalogue::Catalogue;
use ids::RecordId;
use records::Edit;

use super::household::{Household, Member};
use super::hromada::Address;
use super::person::Person;
use super::request::Request;

/// Fields that are left out where they would be empty.
#[derive(Default)]
struct Fields(Vec<Edit>);

impl Fields {
    fn text(&mut self, key: &str, value: impl Into<String>) {
        let value = value.into();
        if !value.is_empty() {
            self.0.push(Edit::new(key, value));
        }
    }

    fn person(&mut self, person: &Person) {
        let document = &person.document;
        self.text("a.last", person.surname());
        self.text("a.first", person.given);
        self.text("a.patr", person.patronymic);
        self.text("a.dob", person.born.to_string());
        self.text("a.sex", person.sex.text());
        match &person.tax_number {
            Some(number) => self.text("a.rnokpp", number),
            None => self.0.push(Edit::new("a.norn", true)),
        }
        self.text("a.unzr", person.unzr.clone().unwrap_or_default());
        self.text("a.doc", document.kind.text());
        self.text("a.ser", &document.series);
        self.text("a.num", &document.number);
        self.text("a.issued", document.issued.to_string());
        self.text("a.until", document.until.map(|day| day.to_string()).unwrap_or_default());
        self.text("a.org", &document.by);
        self.text("a.seen", "original");
    }

    fn address(&mut self, prefix: &str, address: &Address) {
        let parts = [
            ("kat", address.katottg.as_str()),
            ("place", &address.place),
            ("index", &address.post_code),
            ("stype", address.street_kind),
            ("street", address.street),
            ("house", &address.house),
            ("flat", &address.flat),
        ];
        for (part, value) in parts {
            self.text(&format!("{prefix}.{part}"), value);
        }
    }

    fn phones(&mut self, person: &Person) {
        self.text("phone", person.phone.clone().unwrap_or_default());
        self.text("phone2", person.landline.clone().unwrap_or_default());
    }
}

/// The fields of a person as applicant or resident.
pub(super) fn person_fields(person: &Person) -> Vec<Edit> {
    let mut fields = Fields::default();
    fields.person(person);
    fields.0
}

/// The fields of an address under `pr` or `pa`.
pub(super) fn address_fields(prefix: &str, address: &Address) -> Vec<Edit> {
    let mut fields = Fields::default();
    fields.address(prefix, address);
    fields.0
}

/// The telephones of a person.
pub(super) fn phone_fields(person: &Person) -> Vec<Edit> {
    let mut fields = Fields::default();
    fields.phones(person);
    fields.0
}

/// A resident's record.
pub fn resident_fields(person: &Person, address: &Address) -> Vec<Edit> {
    let mut fields = Fields::default();
    fields.person(person);
    fields.text("a.citizen", "Україна");
    for category in &person.categories {
        fields.text(&format!("k.{category}"), "yes");
    }
    fields.address("pr", address);
    fields.phones(person);
    fields.0
}

/// A visit to the head of a household: `day` is `YYYY-MM-DD`, `services` what they asked for by telephone.
pub fn visit_fields(household: &Household, resident: RecordId, day: &str, services: &[&str]) -> Vec<Edit> {
    let head = household.head();
    let mut fields = Fields::default();
    fields.text("a.last", head.surname());
    fields.text("a.first", head.given);
    fields.text("a.patr", head.patronymic);
    fields.text("a.resident", resident.to_string());
    fields.address("pa", &household.address);
    fields.phones(head);
    let relative = household.others().iter().find(|member| member.person.phone.is_some());
    if let Some(relative) = relative {
        fields.text("caller", caller(relative));
        fields.text("caller_phone", relative.person.phone.clone().unwrap_or_default());
        fields.text("caller_rel", relative.relation());
    }
    fields.text("category", head.categories.first().copied().unwrap_or_default());
    fields.text("date", day);
    for service in services {
        fields.text(&format!("q.{service}"), "yes");
    }
    fields.0
}

fn caller(member: &Member) -> String {
    member.person.full_name()
}

/// What a request refers to.
#[derive(Debug, Clone, Copy)]
pub struct Refers<'a> {
    /// The resident's record.
    pub resident: RecordId,
    /// The visit, if there is one.
    pub visit: Option<RecordId>,
    /// Device time of the consent, milliseconds since 1970.
    pub consent_at: i64,
    /// Which text was consented to: version, hash, parts.
    pub consent: &'a str,
}

/// A request's correctable fields.
pub fn request_fields(request: &Request, person: &Person, address: &Address, refers: Refers<'_>) -> Vec<Edit> {
    let mut fields = Fields::default();
    fields.person(person);
    fields.text("a.resident", refers.resident.to_string());
    fields.text("a.cat", person.categories.join(","));
    fields.text("visit", refers.visit.map(|visit| visit.to_string()).unwrap_or_default());
    fields.address("pr", address);
    fields.phones(person);
    fields.text("delivery", request.delivery);
    for (key, answer) in &request.answers {
        fields.text(&format!("f.{key}"), answer);
    }
    for (id, paper) in &request.papers {
        fields.text(&format!("d.{id}"), paper.encode());
    }
    fields.0.push(Edit::new("sheets", request.sheets()));
    fields.0.extend(request.fee.map(|kopiykas| Edit::new("fee", kopiykas)));
    fields.text("c.text", refers.consent);
    fields.text("c.by", "applicant");
    fields.0.push(Edit::new("c.at", refers.consent_at));
    fields.text("due", &request.due);
    fields.text("handover_due", &request.handover_due);
    fields.text("provider", cut(&request.provider, 300));
    let release = Catalogue::embedded().release();
    fields.text("info_card", format!("каталог {} від {}", release.number, release.effective_from));
    fields.0
}

/// At most so many bytes, whole characters.
fn cut(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    &text[..end]
}
