//! A draft began under one release of the catalogue, and another is in force now.

use super::drafts::DraftBody;
use super::pages_form::Words;
use super::{Agent, AppError};
use catalogue::service_difference;

impl Agent {
    /// What is different for the draft's service since the release it began under; empty if that is in force, or
    /// nothing of the service changed.
    pub fn release_change(&self, body: &DraftBody) -> Result<Vec<Words>, AppError> {
        let slug = body.form.service.trim();
        let now = self.catalogue();
        if body.release == 0 || body.release == now.release().number || slug.is_empty() {
            return Ok(Vec::new());
        }
        let (before, notice) = self.catalogue_of(body.release);
        let Some(change) = service_difference(before, now, slug) else { return Ok(Vec::new()) };
        let mut words: Vec<Words> = notice.into_iter().collect();
        words.push(Words::from(&change.words()));
        Ok(words)
    }

    /// The differences were looked through: the draft goes on under the release in force.
    pub fn take_release(&self, id: [u8; 16]) -> Result<(), AppError> {
        let Some(mut body) = self.draft_body(id)? else { return Ok(()) };
        let service = body.form.service.clone();
        self.settle(&mut body, &service);
        body.release = self.catalogue().release().number;
        self.put_body(id, body)
    }

    /// Whether a draft can be looked through and saved: nothing stops it, and the catalogue is the one it began under.
    pub fn is_ready(&self, id: [u8; 16]) -> Result<bool, AppError> {
        let Some(body) = self.draft_body(id)? else { return Ok(false) };
        Ok(self.check(&body.form)?.is_clear() && self.release_change(&body)?.is_empty() && body.others.is_empty())
    }

    /// Chooses a service for a draft; answers that mean the same stay.
    pub fn choose_service(&self, id: [u8; 16], slug: &str) -> Result<(), AppError> {
        if self.catalogue().service(slug).is_none() {
            return Err(AppError::input("каталог не має такої послуги", "the catalogue has no such service"));
        }
        let mut body = self.draft_body(id)?.unwrap_or_default();
        let before = std::mem::replace(&mut body.form.service, slug.to_owned());
        if body.release == 0 {
            body.release = self.catalogue().release().number;
        }
        self.settle(&mut body, &before);
        self.put_body(id, body)
    }
}
