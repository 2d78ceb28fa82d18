//! Drafts: everything typed so far, kept every second, gone when it is saved.
//!
//! The store keeps a draft's content as JSON: [`DraftBody`]. Two tabs may show one draft: each page carries the edition
//! it was made from and a name of its own, so that what an older page sends never takes the place of newer text.

use super::{Agent, AppError, Form, PaperTaken};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The one form that has drafts.
const FORM: &str = "request";
/// A draft that was thrown away can be brought back for so long.
const UNDO: i64 = 10 * 60 * 1000;
/// Texts of so many other tabs are kept beside a draft.
const OTHERS: usize = 4;
/// Another tab was quicker: the save is tried again so often.
const TRIES: usize = 8;

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

/// What is kept of a draft: the form and what belongs to its writing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DraftBody {
    /// What was typed.
    pub form: Form,
    /// Counts its saves, from 1.
    pub edition: u64,
    /// The page that saved last.
    pub tab: String,
    /// The catalogue release whose questions are answered; 0 where it was never noted.
    pub release: u32,
    /// Answers to questions that are not asked now, by `service/key`: they come back with their question.
    pub aside: BTreeMap<String, String>,
    /// Papers of other services, by `service/id`.
    pub papers_aside: BTreeMap<String, PaperTaken>,
    /// Answers of the same visit's earlier requests, by key: kind of answer and text.
    pub carried: BTreeMap<String, (String, String)>,
    /// Papers of the same visit's earlier requests, by id.
    pub papers_carried: BTreeMap<String, PaperTaken>,
    /// Keys that were filled from an earlier request and not changed since.
    pub filled: Vec<String>,
    /// What was written without its spaces and dashes: as it was typed, by key.
    pub mended: BTreeMap<String, String>,
    /// Texts of other tabs that were older than this one.
    pub others: Vec<OtherText>,
    /// When it was thrown away, ms since 1970.
    pub discarded: Option<i64>,
}

/// What another tab sent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OtherText {
    /// Which tab.
    pub tab: String,
    /// When, ms since 1970.
    pub at: i64,
    /// What was typed there.
    pub form: Form,
}

/// What a page sends to be kept.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// The form.
    pub form: Form,
    /// The edition the page was made from; `None` where it does not say (the command line, tests of old pages).
    pub edition: Option<u64>,
    /// The page's own name.
    pub tab: String,
    /// As it was typed, by key, where spaces and dashes were left out.
    pub mended: BTreeMap<String, String>,
}

/// What became of what a page sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// It is the draft now.
    Here,
    /// Another tab has saved newer text: both are kept, and a person chooses.
    Beside,
    /// The draft is gone, since it was saved as a request or thrown away.
    Gone,
}

impl DraftBody {
    /// Until when a thrown away draft can be brought back, ms since 1970; `None` for one that was not thrown away.
    pub fn restorable_until(&self) -> Option<i64> {
        self.discarded.map(|at| at + UNDO)
    }

    /// The edition that the store holds; 0 for none.
    pub(super) fn edition_of(draft: Option<peer::Draft>) -> u64 {
        draft.and_then(|draft| Self::read(&draft.body)).map_or(0, |body| body.edition)
    }

    /// What the store holds; the form alone is how the first version of the program wrote it.
    fn read(text: &str) -> Option<Self> {
        let value: serde_json::Value = serde_json::from_str(text).ok()?;
        if !value.is_object() {
            return None;
        }
        if value.get("edition").is_some() {
            return serde_json::from_value(value).ok();
        }
        Some(Self { form: serde_json::from_value(value).ok()?, ..Self::default() })
    }
}

impl Agent {
    /// Keeps a form as a draft; without an id it is a new one. What belongs to its writing stays.
    pub fn keep_draft(&self, id: Option<[u8; 16]>, form: &Form) -> Result<[u8; 16], AppError> {
        let id = id.unwrap_or_else(|| self.random());
        let mut body = self.draft_body(id)?.unwrap_or_default();
        body.form = form.clone();
        self.put_body(id, body)?;
        Ok(id)
    }

    /// Keeps a draft as a whole, as its next edition.
    pub(super) fn put_body(&self, id: [u8; 16], mut body: DraftBody) -> Result<(), AppError> {
        body.edition += 1;
        // No page made this edition: each that is open shows text from before it.
        body.tab.clear();
        let draft = self.row_of(id, &body)?;
        Ok(self.peer.act(move |act| act.put_draft(&draft))?)
    }

    fn row_of(&self, id: [u8; 16], body: &DraftBody) -> Result<peer::Draft, AppError> {
        let text = serde_json::to_string(body).map_err(|error| AppError::Input(error.to_string()))?;
        Ok(peer::Draft { id, form: FORM.to_owned(), body: text, changed: self.now().0 })
    }

    /// Keeps what a page sent, `then` changed (a button was pressed). Text of an older page is kept beside newer text.
    pub fn type_into_draft(
        &self,
        id: [u8; 16],
        typed: &Typed,
        then: impl Fn(&mut DraftBody) -> Result<(), AppError>,
    ) -> Result<Kept, AppError> {
        for _ in 0..TRIES {
            let (seen, stored) = self.stored(id)?;
            if stored.is_none() && typed.edition.is_some_and(|edition| edition > 0) {
                return Ok(Kept::Gone);
            }
            let before = stored.as_ref().map(|body| body.form.service.clone()).unwrap_or_default();
            let (mut body, kept) = self.take_in(stored.unwrap_or_default(), typed)?;
            if kept == Kept::Here {
                then(&mut body)?;
                self.settle(&mut body, &before);
                body.edition += 1;
            }
            if self.put_over(id, &body, seen)? {
                return Ok(kept);
            }
        }
        Err(crowded())
    }

    /// Changes a draft as it stands; what another tab keeps meanwhile is not written over. `change` says `false` where
    /// nothing is to be kept. Each page that is open shows text from before it.
    pub(super) fn change_body(
        &self,
        id: [u8; 16],
        change: impl Fn(&mut DraftBody) -> Result<bool, AppError>,
    ) -> Result<bool, AppError> {
        for _ in 0..TRIES {
            let (seen, stored) = self.stored(id)?;
            let mut body = stored.unwrap_or_default();
            if !change(&mut body)? {
                return Ok(false);
            }
            body.edition += 1;
            body.tab.clear();
            if self.put_over(id, &body, seen)? {
                return Ok(true);
            }
        }
        Err(crowded())
    }

    /// What the store holds under an id, as it is written and as it reads.
    fn stored(&self, id: [u8; 16]) -> Result<(Option<String>, Option<DraftBody>), AppError> {
        let draft = self.peer.read(|view| view.draft(id))?.filter(|draft| draft.form == FORM);
        let body = draft.as_ref().and_then(|draft| DraftBody::read(&draft.body)).filter(|body| !self.is_over(body));
        Ok((draft.map(|draft| draft.body), body))
    }

    /// Keeps a draft if the store still holds what was `seen`.
    fn put_over(&self, id: [u8; 16], body: &DraftBody, seen: Option<String>) -> Result<bool, AppError> {
        let draft = self.row_of(id, body)?;
        Ok(self.peer.act(move |act| {
            if act.draft(id)?.map(|draft| draft.body) != seen {
                return Ok(false);
            }
            act.put_draft(&draft)?;
            Ok(true)
        })?)
    }

    /// The draft with what was typed, or with the older text beside it.
    fn take_in(&self, mut body: DraftBody, typed: &Typed) -> Result<(DraftBody, Kept), AppError> {
        let is_newest = typed.edition.is_none_or(|edition| edition == body.edition)
            || (!typed.tab.is_empty() && typed.tab == body.tab);
        if !is_newest && body.edition > 0 && !says_the_same(&body.form, &typed.form) {
            body.others.retain(|other| other.tab != typed.tab);
            body.others.push(OtherText { tab: typed.tab.clone(), at: self.now().0, form: typed.form.clone() });
            let over = body.others.len().saturating_sub(OTHERS);
            body.others.drain(..over);
            return Ok((body, Kept::Beside));
        }
        if body.release == 0 {
            body.release = self.catalogue().release().number;
        }
        body.form = typed.form.clone();
        body.mended = typed.mended.clone();
        body.filled.retain(|key| text_at(&body.form, key).is_some());
        if !typed.tab.is_empty() {
            body.tab = typed.tab.clone();
        }
        body.discarded = None;
        Ok((body, Kept::Here))
    }

    /// The form of a draft.
    pub fn draft(&self, id: [u8; 16]) -> Result<Option<Form>, AppError> {
        Ok(self.draft_body(id)?.filter(|body| body.discarded.is_none()).map(|body| body.form))
    }

    /// A draft with all that belongs to it.
    pub fn draft_body(&self, id: [u8; 16]) -> Result<Option<DraftBody>, AppError> {
        Ok(self.stored(id)?.1)
    }

    /// All drafts, the newest first.
    pub fn drafts(&self) -> Result<Vec<FormDraft>, AppError> {
        self.listed(|body| body.discarded.is_none())
    }

    /// Drafts that were thrown away a moment ago and can still be brought back, each with until when (ms since 1970).
    pub fn discarded_drafts(&self) -> Result<Vec<(FormDraft, i64)>, AppError> {
        let listed = self.listed(|body| body.discarded.is_some() && !self.is_over(body))?;
        Ok(listed.into_iter().map(|draft| (draft.changed + UNDO, draft)).map(|(until, draft)| (draft, until)).collect())
    }

    fn listed(&self, wanted: impl Fn(&DraftBody) -> bool) -> Result<Vec<FormDraft>, AppError> {
        let drafts = self.peer.read(|view| view.drafts())?;
        let listed = drafts.into_iter().filter(|draft| draft.form == FORM).filter_map(|draft| {
            let body = DraftBody::read(&draft.body).unwrap_or_default();
            let id = ids::RecordId::from_bytes(draft.id).to_string();
            let line = |form: &Form| FormDraft {
                id,
                applicant: form.applicant(),
                service: form.service.clone(),
                changed: draft.changed,
            };
            wanted(&body).then(|| line(&body.form))
        });
        Ok(listed.collect())
    }

    /// The bytes of a draft's id as [`FormDraft::id`] prints it.
    pub fn draft_id(&self, text: &str) -> Option<[u8; 16]> {
        text.parse::<ids::RecordId>().ok().map(|id| *id.as_bytes())
    }

    /// Throws a draft away; for ten minutes it can be brought back. `false` if there is none.
    pub fn discard_draft(&self, id: [u8; 16]) -> Result<bool, AppError> {
        self.forget_discarded()?;
        self.change_body(id, |body| {
            body.discarded = Some(self.now().0);
            Ok(body.edition > 0)
        })
    }

    /// Brings a thrown away draft back. `false` if its time is over.
    pub fn restore_draft(&self, id: [u8; 16]) -> Result<bool, AppError> {
        self.change_body(id, |body| {
            body.discarded = None;
            Ok(body.edition > 0)
        })
    }

    /// Takes away for good what was thrown away more than ten minutes ago.
    pub fn forget_discarded(&self) -> Result<(), AppError> {
        let over = |draft: &peer::Draft| DraftBody::read(&draft.body).is_some_and(|body| self.is_over(&body));
        let drafts = self.peer.read(|view| view.drafts())?;
        let old: Vec<[u8; 16]> = drafts.iter().filter(|draft| over(draft)).map(|draft| draft.id).collect();
        if old.is_empty() {
            return Ok(());
        }
        Ok(self.peer.act(move |act| old.iter().try_for_each(|id| act.remove_draft(*id)))?)
    }

    /// Thrown away so long ago that it does not come back. A clock that was set back does not bring it back either.
    fn is_over(&self, body: &DraftBody) -> bool {
        body.discarded.is_some_and(|at| !(0..UNDO).contains(&(self.now().0 - at)))
    }
}

fn crowded() -> AppError {
    AppError::input("чернетку зберігають інші вкладки: повторіть", "other tabs are saving this draft: repeat")
}

/// Whether two forms hold the same texts, blank ones left out.
fn says_the_same(one: &Form, other: &Form) -> bool {
    super::form_texts::differences(one, other).is_empty()
}

/// The text at a key of the form's findings: a field's, an answer's, or the visit's.
fn text_at<'a>(form: &'a Form, key: &str) -> Option<&'a String> {
    match key.split_once('.') {
        Some(("f", question)) => form.answers.get(question),
        Some(("visit", part)) => form.visit.get(part),
        _ => form.fields.get(key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{agent, sample_form};
    use std::time::Duration;

    fn typed(form: &Form, edition: u64, tab: &str) -> Typed {
        Typed { form: form.clone(), edition: Some(edition), tab: tab.into(), ..Typed::default() }
    }

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
        assert!(agent.discard_draft(id).unwrap());
        assert_eq!(agent.draft(id).unwrap(), None);
    }

    #[test]
    fn a_draft_of_the_first_version_is_read() {
        let form = sample_form();
        let body = DraftBody::read(&serde_json::to_string(&form).unwrap()).unwrap();
        assert_eq!((body.form, body.edition), (form, 0));
        assert_eq!(DraftBody::read("{"), None);
        assert_eq!(DraftBody::read("[]"), None);
    }

    #[test]
    fn a_thrown_away_draft_comes_back_for_ten_minutes() {
        let (bench, agent) = agent();
        let id = agent.keep_draft(None, &sample_form()).unwrap();
        agent.discard_draft(id).unwrap();
        assert!(agent.drafts().unwrap().is_empty());
        assert_eq!(agent.discarded_drafts().unwrap().len(), 1);
        bench.clock.advance(Duration::from_secs(9 * 60));
        assert!(agent.restore_draft(id).unwrap());
        assert_eq!(agent.draft(id).unwrap(), Some(sample_form()));
        agent.discard_draft(id).unwrap();
        bench.clock.advance(Duration::from_secs(11 * 60));
        assert!(!agent.restore_draft(id).unwrap());
        assert!(agent.discarded_drafts().unwrap().is_empty());
        agent.forget_discarded().unwrap();
        assert!(agent.peer.read(|view| view.drafts()).unwrap().is_empty(), "nothing of it stays on the disk");
    }

    #[test]
    fn an_older_tab_never_takes_the_place_of_newer_text() {
        let (_bench, agent) = agent();
        let id = agent.random();
        let mut form = sample_form();
        let none = |_: &mut DraftBody| Ok(());
        assert_eq!(agent.type_into_draft(id, &typed(&form, 0, "a"), none).unwrap(), Kept::Here);
        // The other tab opens the same edition; the first goes on.
        form.fields.insert("phone".into(), "+380501112233".into());
        assert_eq!(
            agent.type_into_draft(id, &typed(&form, 0, "a"), none).unwrap(),
            Kept::Here,
            "its own answer was lost"
        );
        let mut older = sample_form();
        older.fields.insert("a.last".into(), "Інша".into());
        assert_eq!(agent.type_into_draft(id, &typed(&older, 1, "b"), none).unwrap(), Kept::Beside);
        older.fields.insert("a.first".into(), "Олена".into());
        assert_eq!(agent.type_into_draft(id, &typed(&older, 1, "b"), none).unwrap(), Kept::Beside);
        let body = agent.draft_body(id).unwrap().unwrap();
        assert_eq!((body.form.field("phone"), body.form.field("a.last")), ("+380501112233", "Коваленко"));
        assert_eq!((body.others.len(), body.others[0].form.field("a.first")), (1, "Олена"));
        // The same text is no difference.
        assert_eq!(agent.type_into_draft(id, &typed(&form, 1, "c"), none).unwrap(), Kept::Here);
        // A tab that is still open when the request was saved does not bring the draft back.
        agent.save(&form, Some(id)).unwrap();
        assert_eq!(agent.type_into_draft(id, &typed(&older, 1, "b"), none).unwrap(), Kept::Gone);
        assert_eq!(agent.drafts().unwrap().len(), 0);
    }
}
