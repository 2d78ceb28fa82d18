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
        let done = self.change_body(id, |body| {
            let service = body.form.service.clone();
            self.settle(body, &service);
            body.release = self.catalogue().release().number;
            Ok(body.edition > 0)
        });
        done.map(|_| ())
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
        let done = self.change_body(id, |body| {
            let before = std::mem::replace(&mut body.form.service, slug.to_owned());
            if body.release == 0 {
                body.release = self.catalogue().release().number;
            }
            self.settle(body, &before);
            Ok(true)
        });
        done.map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Typed;
    use crate::app::testing::{Bench, sample_form};
    use catalogue::{ReleaseSource, Releases, Viewer};

    const SUBSIDY: &str = "services/subsidy.json";

    /// The centre publishes a release in which the question about the area has another key.
    fn publish_without_area(bench: &Bench, agent: &Agent) {
        let source = ReleaseSource::embedded().renumbered(2, "2026-11-21".parse().unwrap()).unwrap();
        let file = source.file(SUBSIDY).unwrap().replace("\"id\": \"area\"", "\"id\": \"floor_space\"");
        let source = source.with_file(SUBSIDY, &file).unwrap();
        let publications = bench.centre.desk.register().unwrap().releases();
        let all = Releases::fold(Viewer::Centre, publications.iter().map(AsRef::as_ref));
        let facts = all.publish(&source, &[]).unwrap();
        bench.centre.desk.act(move |act| facts.iter().try_for_each(|fact| act.register_fact(fact))).unwrap();
        bench.centre.give_to(&agent.peer);
        agent.take_releases().unwrap();
        assert_eq!(agent.catalogue().release().number, 2);
    }

    #[test]
    fn a_draft_under_an_older_release_is_told_the_difference_and_loses_nothing() {
        let (bench, agent) = Bench::new();
        let id = agent.random();
        let typed = Typed { form: sample_form(), ..Typed::default() };
        agent.type_into_draft(id, &typed, |_| Ok(())).unwrap();
        assert!(agent.is_ready(id).unwrap());
        publish_without_area(&bench, &agent);
        let body = agent.draft_body(id).unwrap().unwrap();
        assert_eq!((body.release, body.form.answers["area"].as_str()), (1, "54.3"));
        let words = agent.release_change(&body).unwrap();
        assert!(!words.is_empty() && !words[0].uk.is_empty() && !words[0].en.is_empty(), "{words:?}");
        assert!(!agent.is_ready(id).unwrap(), "the difference is looked through first");
        agent.take_release(id).unwrap();
        let mut body = agent.draft_body(id).unwrap().unwrap();
        assert_eq!((body.release, agent.release_change(&body).unwrap()), (2, Vec::new()));
        let gone = agent.vanished(&body);
        assert_eq!(gone.len(), 1, "{gone:?}");
        assert_eq!(gone[0].text, "54.3");
        body.form.answers.insert("floor_space".into(), "54.3".into());
        let typed = Typed { form: body.form.clone(), ..Typed::default() };
        agent.type_into_draft(id, &typed, |_| Ok(())).unwrap();
        let form = agent.draft(id).unwrap().unwrap();
        let number = agent.save(&form, Some(id)).unwrap().number;
        let notes = agent.request(&number).unwrap().notes;
        assert!(notes.iter().any(|note| note.text.contains("54.3")), "{notes:?}");
    }
}
