//! Drafts: everything typed so far, kept every second, gone when it is saved.

use super::{Agent, AppError, Form};
use serde::Serialize;

/// The one form that has drafts.
const FORM: &str = "request";

/// A draft in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FormDraft {
    /// Names it.
    pub id: String,
    /// Applicant as far as typed; may be empty.
    pub applicant: String,
    /// Slug of the service; may be empty.
    pub service: String,
    /// Device time of the last change, ms since 1970.
    pub changed: i64,
}

impl Agent {
    /// Keeps a form as a draft; without an id it is a new one.
    pub fn keep_draft(&self, id: Option<[u8; 16]>, form: &Form) -> Result<[u8; 16], AppError> {
        let id = id.unwrap_or_else(|| self.random());
        let body = serde_json::to_string(form).map_err(|error| AppError::Input(error.to_string()))?;
        let draft = peer::Draft { id, form: FORM.to_owned(), body, changed: self.now().0 };
        self.peer.act(move |act| act.put_draft(&draft))?;
        Ok(id)
    }

    /// The form of a draft.
    pub fn draft(&self, id: [u8; 16]) -> Result<Option<Form>, AppError> {
        let draft = self.peer.read(|view| view.draft(id))?.filter(|draft| draft.form == FORM);
        Ok(draft.and_then(|draft| serde_json::from_str(&draft.body).ok()))
    }

    /// All drafts, the newest first.
    pub fn drafts(&self) -> Result<Vec<FormDraft>, AppError> {
        let drafts = self.peer.read(|view| view.drafts())?;
        let listed = drafts.into_iter().filter(|draft| draft.form == FORM).map(|draft| {
            let form: Form = serde_json::from_str(&draft.body).unwrap_or_default();
            let name = ["a.last", "a.first", "a.patr"].map(|key| form.field(key)).join(" ");
            let id = ids::RecordId::from_bytes(draft.id).to_string();
            FormDraft { id, applicant: name.trim().to_owned(), service: form.service, changed: draft.changed }
        });
        Ok(listed.collect())
    }

    /// The bytes of a draft's id as [`FormDraft::id`] prints it.
    pub fn draft_id(&self, text: &str) -> Option<[u8; 16]> {
        text.parse::<ids::RecordId>().ok().map(|id| *id.as_bytes())
    }

    /// Throws a draft away.
    pub fn discard_draft(&self, id: [u8; 16]) -> Result<(), AppError> {
        Ok(self.peer.act(move |act| act.remove_draft(id))?)
    }
}

#[cfg(test)]
mod tests {
    use crate::app::testing::{agent, sample_form};

    #[test]
    fn a_draft_holds_everything_typed_and_survives_reopening() {
        let (bench, agent) = agent();
        let mut form = sample_form();
        form.fields.insert("a.rnokpp".into(), "14".into());
        let id = agent.keep_draft(None, &form).unwrap();
        form.answers.insert("area".into(), "шістдесят".into());
        assert_eq!(agent.keep_draft(Some(id), &form).unwrap(), id);
        drop(agent);
        let agent = bench.reopen();
        assert_eq!(agent.draft(id).unwrap(), Some(form));
        let listed = agent.drafts().unwrap();
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0].applicant, "Коваленко Ганна Петрівна");
        assert_eq!(agent.draft_id(&listed[0].id), Some(id));
        agent.discard_draft(id).unwrap();
        assert_eq!(agent.draft(id).unwrap(), None);
    }
}
