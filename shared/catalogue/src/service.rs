//! What a service is: names, papers, term, where it can be done.

use jiff::civil::Date;

use crate::condition::Condition;
use crate::fees::Fee;
use crate::field::Field;
use crate::text::Text;

/// One administrative service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Stable key, coined by the catalogue: small Latin letters, digits, hyphens.
    pub slug: String,
    /// Five-digit identifier of the national Guide of public services, where a source states it.
    pub official_id: Option<String>,
    /// Name.
    pub name: Text,
    /// Id of the [`Group`].
    pub group: String,
    /// Ids of the [authorities](Authority) that provide it; where sources differ, all of them.
    pub authorities: Vec<String>,
    /// Acts it rests on.
    pub legal_basis: Vec<LegalAct>,
    /// Who may apply.
    pub applicants: Vec<Text>,
    /// Papers to hand in or show.
    pub papers: Vec<Paper>,
    /// What it costs.
    pub fee: Fee,
    /// How long it takes.
    pub term: Term,
    /// What the applicant gets.
    pub results: Vec<Text>,
    /// Grounds to refuse.
    pub refusal_grounds: Vec<Text>,
    /// Whether a source states the grounds; otherwise they are general knowledge, or empty.
    pub refusal_grounds_confirmed: bool,
    /// What can be done of it at the resident's home.
    pub outreach: Outreach,
    /// Where the form's fields come from.
    pub form_basis: FormBasis,
    /// The form.
    pub fields: Vec<Field>,
    /// What people say instead of the name, and life situations, in Ukrainian; for search only.
    pub keywords: Vec<String>,
    /// Ids of the [sources](Source).
    pub sources: Vec<String>,
    /// How much of the entry its sources confirm.
    pub verified: Verified,
    /// Which parts of the entry a source confirms: `name`, `term`, `fee`, `documents`, `documents_part` …
    pub confirmed: Vec<String>,
    /// A remark for whoever uses the entry.
    pub note: Option<Text>,
}

/// A group of services.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Key.
    pub id: String,
    /// Name.
    pub name: Text,
}

/// A body that provides services.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// Key.
    pub id: String,
    /// Name.
    pub name: Text,
}

/// Whom a fee is paid to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payee {
    /// Key.
    pub id: String,
    /// Name.
    pub name: Text,
}

/// A public page or act that an entry was taken from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Key.
    pub id: String,
    /// Address as published.
    pub url: String,
    /// What it is, as the editors of the catalogue wrote it down.
    pub title: String,
}

/// An act a service rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegalAct {
    /// Its name, Ukrainian.
    pub act: String,
    /// Its number.
    pub number: String,
    /// Its date, where known.
    pub date: Option<Date>,
    /// Whether a source names it.
    pub confirmed: bool,
}

/// A paper of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// Key within the service.
    pub id: String,
    /// Name.
    pub name: Text,
    /// Said to the applicant when the paper is not always needed: in which case it is.
    pub condition: Option<Text>,
    /// The same as far as the form can tell.
    pub when: Option<Condition>,
    /// In what form it is taken.
    pub form: PaperForm,
    /// Papers of which one is enough; empty where there is no choice.
    pub any_of: Vec<Text>,
    /// Whether a source names it.
    pub confirmed: bool,
}

impl Paper {
    /// Whether the paper is needed in every case.
    pub fn always(&self) -> bool {
        self.condition.is_none() && self.when.is_none()
    }
}

/// In what form a paper is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperForm {
    /// The original stays in the case.
    Original,
    /// The original is shown and given back.
    OriginalShown,
    /// A copy, compared with the original that is shown.
    CopyWithOriginal,
    /// A copy.
    Copy,
    /// Printed by the program and signed, or brought.
    GeneratedOrOriginal,
    /// Made by the program or the register.
    Generated,
    /// The original, or its details only.
    OriginalOrDetails,
    /// The original or a scan.
    OriginalOrScan,
    /// Electronic, known to the register.
    Digital,
    /// Electronic only: there is no paper form.
    DigitalOnly,
}

impl PaperForm {
    /// The form in words.
    pub fn words(self) -> Text {
        let (uk, en) = match self {
            PaperForm::Original => ("оригінал", "original"),
            PaperForm::OriginalShown => ("оригінал для огляду", "original, shown"),
            PaperForm::CopyWithOriginal => ("копія, оригінал для огляду", "copy, original shown"),
            PaperForm::Copy => ("копія", "copy"),
            PaperForm::GeneratedOrOriginal => ("друкується або оригінал", "printed here or original"),
            PaperForm::Generated => ("формується в системі", "made by the system"),
            PaperForm::OriginalOrDetails => ("оригінал або реквізити", "original or its details"),
            PaperForm::OriginalOrScan => ("оригінал або скан-копія", "original or scan"),
            PaperForm::Digital => ("електронно, з реєстру", "electronic, from the register"),
            PaperForm::DigitalOnly => ("лише електронно", "electronic only"),
        };
        Text::new(uk, en)
    }
}

/// How long a service takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// The usual length; `None` where no source states it.
    pub usual: Option<TermLength>,
    /// Other lengths in other cases.
    pub variants: Vec<TermVariant>,
    /// A remark.
    pub note: Option<Text>,
    /// Whether resolution 165 of 28.02.2022 may hold the term up under martial law (it excepts the registration of
    /// civil status, of businesses and of real rights). The planned date is shown all the same.
    pub may_be_suspended: bool,
}

/// A length of time as an act states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TermLength {
    /// How many; 0 is «the same day».
    pub value: u16,
    /// Of what.
    pub unit: Unit,
    /// Which days count.
    pub days: Days,
}

impl TermLength {
    /// In words: «10 робочих днів», «у день звернення».
    pub fn words(self) -> Text {
        let n = self.value;
        if n == 0 {
            return Text::new("у день звернення", "on the day of application");
        }
        let (uk, en) = match (self.unit, self.days) {
            (Unit::Hour, _) => (["година", "години", "годин"], "hour"),
            (Unit::Month, _) => (["місяць", "місяці", "місяців"], "month"),
            (Unit::Day, Days::Working) => (["робочий день", "робочі дні", "робочих днів"], "working day"),
            (Unit::Day, Days::Calendar) => (["календарний день", "календарні дні", "календарних днів"], "calendar day"),
            (Unit::Day, Days::Unknown) => (["день", "дні", "днів"], "day"),
        };
        let form = match (n % 10, n % 100) {
            (_, 11..=14) => 2,
            (1, _) => 0,
            (2..=4, _) => 1,
            _ => 2,
        };
        let plural = if n == 1 { "" } else { "s" };
        Text::new(format!("{n} {}", uk[form]), format!("{n} {en}{plural}"))
    }
}

/// A length that holds in one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermVariant {
    /// The case in words.
    pub when: Text,
    /// The case as far as the form can tell.
    pub condition: Option<Condition>,
    /// The length.
    pub length: TermLength,
}

/// Unit of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Hours.
    Hour,
    /// Days.
    Day,
    /// Months.
    Month,
}

/// Which days a term counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Days {
    /// Working days.
    Working,
    /// All days.
    Calendar,
    /// The source says only «days».
    Unknown,
}

/// What can be done of a service at the resident's home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outreach {
    /// The most that can be done.
    pub mode: Mode,
    /// Ids of the [needs](Need).
    pub needs: Vec<String>,
    /// Where we know it from.
    pub basis: Basis,
    /// A remark.
    pub note: Option<Text>,
}

/// The most that can be done at the resident's home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// All of it, once the needs are met.
    CompleteOnSite,
    /// Taking the application and papers in.
    IntakeOnly,
    /// Helping the resident apply in a portal.
    OnlineAssist,
    /// Nothing but advice.
    NotAvailable,
}

/// Where a statement of the catalogue comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// A source names the service, or its class.
    Source,
    /// Our reading of the procedure.
    Inference,
}

/// Where a form's fields come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormBasis {
    /// Some fields were seen in the official form.
    SourcePartial,
    /// From the papers and data that sources name.
    Derived,
    /// Proposed by the catalogue.
    Coined,
    /// There is no form: the application is made in a register.
    None,
}

/// How much of an entry its sources confirm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verified {
    /// Name, term, fee and papers.
    Full,
    /// The name and something else.
    Partial,
    /// The name only.
    NameOnly,
}

/// Something a service needs on the spot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// Key, such as `printer` or `online:land-cadastre`.
    pub id: String,
    /// Name.
    pub name: Text,
    /// What kind of thing it is.
    pub kind: NeedKind,
    /// What cannot be done without it.
    pub blocks: NeedBlocks,
}

/// What kind of thing a need is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NeedKind {
    /// Access to a register or portal through a network.
    Network,
    /// A device or blanks.
    Equipment,
    /// An authority of the officer's, or a person's presence.
    Person,
    /// Something done afterwards.
    Afterwards,
}

/// What cannot be done without a need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NeedBlocks {
    /// Nothing: it can be made up for.
    Nothing,
    /// The service cannot be completed on the spot, but the application can be taken.
    Completion,
    /// Not even the application can be taken.
    Intake,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_said_with_the_right_plural() {
        let said = |value, unit, days| TermLength { value, unit, days }.words().uk;
        assert_eq!(said(1, Unit::Day, Days::Working), "1 робочий день");
        assert_eq!(said(3, Unit::Day, Days::Working), "3 робочі дні");
        assert_eq!(said(10, Unit::Day, Days::Calendar), "10 календарних днів");
        assert_eq!(said(12, Unit::Month, Days::Unknown), "12 місяців");
        assert_eq!(said(21, Unit::Day, Days::Unknown), "21 день");
        assert_eq!(said(24, Unit::Hour, Days::Unknown), "24 години");
        assert_eq!(said(0, Unit::Day, Days::Unknown), "у день звернення");
    }
}
