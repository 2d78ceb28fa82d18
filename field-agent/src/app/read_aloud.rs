//! «Перевірка»: what is saved is what was read aloud, the same text under the same catalogue on the same day.

use super::drafts::DraftBody;
use super::new_request::Saved;
use super::{Agent, AppError};
use jiff::civil::Date;

/// What became of a draft that was read aloud and is to be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadOut {
    /// It is a request now.
    Saved(Saved),
    /// Text, catalogue or day is another than when it was read: it is to be read again.
    Changed,
    /// Something is still to be mended.
    Unready,
    /// There is no such draft: it was saved or thrown away.
    Gone,
}

impl Agent {
    /// Names what the page of the review shows: the draft's edition, the catalogue's release, the day.
    pub fn read_mark(&self, body: &DraftBody) -> String {
        self.mark_on(body, self.sure_day())
    }

    fn mark_on(&self, body: &DraftBody, day: Date) -> String {
        format!("{}:{}:{day}", body.edition, self.catalogue_on(day).release().number)
    }

    /// Saves a draft if it still is what was read aloud under this mark.
    pub fn save_as_read(&self, id: [u8; 16], read: &str) -> Result<ReadOut, AppError> {
        let Some(body) = self.draft_body(id)?.filter(|body| body.discarded.is_none()) else {
            return Ok(ReadOut::Gone);
        };
        let day = self.sure_day();
        if self.mark_on(&body, day) != read {
            return Ok(ReadOut::Changed);
        }
        if !self.is_ready(id)? {
            return Ok(ReadOut::Unready);
        }
        match self.save_on(&body.form, Some((id, Some(body.edition))), day) {
            Ok(Some(saved)) => Ok(ReadOut::Saved(saved)),
            Ok(None) => Ok(ReadOut::Changed),
            Err(AppError::Findings(_)) => Ok(ReadOut::Unready),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{agent, sample_form};
    use crate::app::{Kept, Typed};
    use std::time::Duration;

    #[test]
    fn what_was_not_read_aloud_is_not_saved() {
        let (bench, agent) = agent();
        let id = agent.random();
        let mut typed = Typed { form: sample_form(), tab: "a".into(), ..Typed::default() };
        agent.type_into_draft(id, &typed, |_| Ok(())).unwrap();
        let mark = |agent: &Agent| agent.read_mark(&agent.draft_body(id).unwrap().unwrap());
        let read = mark(&agent);
        // Another tab's text comes after the reading: it is neither saved nor lost.
        typed.form.fields.insert("phone".into(), "+380501112233".into());
        assert_eq!(agent.type_into_draft(id, &typed, |_| Ok(())).unwrap(), Kept::Here);
        assert_eq!(agent.save_as_read(id, &read).unwrap(), ReadOut::Changed);
        assert_eq!(agent.draft(id).unwrap().unwrap().field("phone"), "+380501112233");
        assert_eq!(agent.save_as_read(id, "").unwrap(), ReadOut::Changed, "a page that was never read");
        // Midnight: another day counts another term, and on 1 January another fee.
        let read = mark(&agent);
        bench.clock.advance(Duration::from_secs(86_400));
        assert_eq!(agent.save_as_read(id, &read).unwrap(), ReadOut::Changed);
        let ReadOut::Saved(saved) = agent.save_as_read(id, &mark(&agent)).unwrap() else { panic!("it was read") };
        assert_eq!(agent.form_of_request(&saved.number).unwrap().field("phone"), "+380501112233");
        assert_eq!(agent.save_as_read(id, &read).unwrap(), ReadOut::Gone);
    }

    #[test]
    fn an_autosave_between_reading_and_act_is_not_lost() {
        let (_bench, agent) = agent();
        let id = agent.keep_draft(None, &sample_form()).unwrap();
        let edition = agent.draft_body(id).unwrap().unwrap().edition;
        agent.keep_draft(Some(id), &sample_form()).unwrap();
        let done = agent.save_on(&sample_form(), Some((id, Some(edition))), agent.sure_day()).unwrap();
        assert_eq!(done, None);
        assert!(
            agent.draft(id).unwrap().is_some() && agent.resident_choices("", 0).unwrap().1 == 0,
            "nothing is written"
        );
    }
}
