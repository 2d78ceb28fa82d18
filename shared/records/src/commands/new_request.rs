//! Recording a request.

use ids::{ReceiptNumber, RecordId};

use super::edits::{birth, event, given, refuse_errors_in, required};
use super::{Act, CommandError};
use crate::schema::Kind;
use crate::state::RequestCode;
use crate::{ChangeBytes, Document, Edit};

/// A request as the officer saves it. `fields` are the correctable ones by key: see the schema.
#[derive(Debug, Clone)]
pub struct NewRequest<'a> {
    /// Number on the опис.
    pub number: ReceiptNumber,
    /// When the applicant submitted it, milliseconds since 1970.
    pub submitted_at: i64,
    /// Slug of the service.
    pub service: &'a str,
    /// The service's name on that day.
    pub service_name: &'a str,
    /// The catalogue release.
    pub release: &'a str,
    /// `visit` or `desk`.
    pub channel: &'a str,
    /// The officer's name.
    pub officer_name: &'a str,
    /// The suitcase's number.
    pub suitcase: Option<i64>,
    /// Recorded without access to the registers.
    pub offline: bool,
    /// All other fields.
    pub fields: &'a [Edit],
}

/// Make a request: one change with the birth event.
pub fn create_request(
    id: RecordId,
    act: &Act<'_>,
    new: &NewRequest<'_>,
) -> Result<(Document, ChangeBytes), CommandError> {
    required(new.service, "виберіть послугу", "choose a service")?;
    let mut edits = birth(act, new.officer_name, new.suitcase);
    edits.extend([
        Edit::new("number", new.number.to_string()),
        Edit::new("submitted", new.submitted_at),
        Edit::new("channel", new.channel),
        Edit::new("offline", new.offline),
        Edit::new("service", new.service),
        Edit::new("service_name", new.service_name),
        Edit::new("release", new.release),
    ]);
    edits.extend(given(Kind::Request, new.fields)?);
    let has = |key: &str| edits.iter().any(|edit| edit.key == key && !edit.value.is_empty());
    let is_named = has("a.orgname") || (has("a.last") && has("a.first"));
    if !is_named {
        return Err(CommandError::not_now(
            "впишіть прізвище й ім’я заявника або назву організації",
            "write the applicant's surname and name, or the organisation",
        ));
    }
    if !has("c.text") {
        return Err(CommandError::not_now(
            "без згоди на обробку персональних даних звернення не можна прийняти: зачитайте згоду і позначте її",
            "a request cannot be taken without consent to the processing of personal data: read it out and mark it",
        ));
    }
    refuse_errors_in(Kind::Request, &edits, act)?;
    edits.push(event(act, "", RequestCode::Accepted.text(), "", "")?);
    Ok(Document::create(Kind::Request, id, act.actor, act.at, &edits)?)
}
