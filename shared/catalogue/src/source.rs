//! The data files as they are written: JSON, one frame and one file a group. Private to the loader.

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frame {
    pub schema: u32,
    pub release: Release,
    pub groups: Vec<Named>,
    pub authorities: Vec<Named>,
    pub payees: Vec<Named>,
    pub needs: Vec<Need>,
    pub fee_bases: Vec<FeeBase>,
    pub sources: Vec<Source>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    pub number: u32,
    pub effective_from: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    pub id: String,
    pub uk: String,
    pub en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    pub uk: String,
    pub en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    pub id: String,
    pub uk: String,
    pub en: String,
    /// network | equipment | person | afterwards
    pub kind: String,
    /// nothing | completion | intake
    pub blocks: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeeBase {
    pub id: String,
    pub uk: String,
    pub en: String,
    pub values: Vec<BaseValue>,
    pub sources: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BaseValue {
    pub from: String,
    pub to: Option<String>,
    /// hryvnias, two decimals: "3328.00"
    pub amount: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub id: String,
    pub url: String,
    pub title: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupFile {
    pub group: String,
    pub services: Vec<Service>,
}

/// The same, with the services not yet looked at.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LooseGroup {
    pub group: String,
    pub services: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    pub slug: String,
    pub official_id: Option<String>,
    pub name: Words,
    pub authorities: Vec<String>,
    #[serde(default)]
    pub legal_basis: Vec<LegalAct>,
    #[serde(default)]
    pub applicants: Vec<Words>,
    #[serde(default)]
    pub papers: Vec<Paper>,
    pub fee: Fee,
    pub term: Term,
    #[serde(default)]
    pub results: Vec<Words>,
    #[serde(default)]
    pub refusal_grounds: Vec<Words>,
    #[serde(default)]
    pub refusal_grounds_confirmed: bool,
    pub outreach: Outreach,
    /// source_partial | derived | coined | none
    pub form_basis: String,
    #[serde(default)]
    pub fields: Vec<Field>,
    /// What people say instead of the name, and life situations; for search only.
    #[serde(default)]
    pub keywords: Vec<String>,
    pub sources: Vec<String>,
    /// full | partial | name_only
    pub verified: String,
    #[serde(default)]
    pub confirmed: Vec<String>,
    pub note: Option<Words>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalAct {
    pub act: String,
    pub number: String,
    pub date: Option<String>,
    pub confirmed: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    pub id: String,
    pub uk: String,
    pub en: String,
    pub form: String,
    pub condition: Option<Words>,
    pub when: Option<Condition>,
    #[serde(default)]
    pub any_of: Vec<Words>,
    pub confirmed: bool,
}

/// Exactly one kind of condition is given.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    pub field: Option<String>,
    #[serde(rename = "in")]
    pub values: Option<Vec<String>>,
    pub representative: Option<bool>,
    pub age_from: Option<u16>,
    pub age_below: Option<u16>,
    pub fee_due: Option<bool>,
    pub all: Option<Vec<Condition>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// unknown | free | charged
    pub kind: String,
    pub usual: Option<Price>,
    #[serde(default)]
    pub variants: Vec<FeeVariant>,
    #[serde(default)]
    pub surcharges: Vec<FeeVariant>,
    #[serde(default)]
    pub exempt: Vec<Exemption>,
    pub payee: Option<String>,
    #[serde(default)]
    pub payee_confirmed: bool,
    pub note: Option<Words>,
}

/// {"unknown": true} | {"nothing": true} | {"amount": "558.00", "as_of": day} | {"percent": "1.5", "of": base,
/// "round_to": "0.01"}
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    pub unknown: Option<bool>,
    pub nothing: Option<bool>,
    pub amount: Option<String>,
    pub as_of: Option<String>,
    pub percent: Option<String>,
    pub of: Option<String>,
    pub round_to: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeeVariant {
    pub uk: String,
    pub en: String,
    pub when: Option<Condition>,
    pub price: Price,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exemption {
    pub uk: String,
    pub en: String,
    pub when: Option<Condition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    pub usual: Option<TermLength>,
    #[serde(default)]
    pub variants: Vec<TermVariant>,
    pub note: Option<Words>,
    pub may_be_suspended: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermLength {
    pub value: u16,
    /// hour | day | month
    pub unit: String,
    /// working | calendar; absent where the source says only «days»
    pub days: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermVariant {
    pub uk: String,
    pub en: String,
    pub when: Option<Condition>,
    pub length: TermLength,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outreach {
    /// complete_on_site | intake_only | online_assist | not_available
    pub mode: String,
    pub needs: Vec<String>,
    /// source | inference
    pub basis: String,
    pub note: Option<Words>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    pub id: String,
    pub uk: String,
    pub en: String,
    pub hint: Option<Words>,
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub options: Vec<Choice>,
    #[serde(default)]
    pub columns: Vec<Column>,
    pub show_if: Option<Condition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub value: String,
    pub uk: String,
    pub en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    pub id: String,
    pub uk: String,
    pub en: String,
    /// text | textarea | date | number | money | yes_no
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub required: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holidays {
    pub schema: u32,
    #[serde(rename = "basis")]
    pub _basis: String,
    pub martial_law: Vec<Period>,
    /// Acts that may hold terms up, with the days they are in force.
    #[serde(default)]
    pub suspensions: Vec<Suspension>,
    pub holidays: Vec<Holiday>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    pub from: String,
    pub to: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suspension {
    pub from: String,
    pub to: Option<String>,
    pub uk: String,
    pub en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    pub uk: String,
    pub en: String,
    /// MM-DD
    pub day: Option<String>,
    pub after_easter: Option<i32>,
    pub from_year: i16,
    pub to_year: Option<i16>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    pub schema: u32,
    pub version: u32,
    pub effective_from: String,
    pub title: Words,
    pub parts: Vec<ConsentPart>,
    pub signed_by: Vec<Named>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentPart {
    pub id: String,
    pub title: Words,
    pub text: Words,
    /// Whether the request cannot be taken without it.
    pub required: bool,
}
