//! What people wrote differently about one resident without seeing each other, and a person's choice.

use super::conflicts::taken;
use super::{Agent, AppError, Conflict, Take};
use records::commands::{ResidentCommand, edit_resident};
use records::schema::{self, Kind};

impl Agent {
    /// The resident's name and the fields in which a person has to choose.
    pub fn resident_conflicts(&self, record: &str) -> Result<(String, Vec<Conflict>), AppError> {
        let (id, view) = self.resident(record)?;
        let (register, provenance) = (self.peer.register()?, self.peer.read(|reader| reader.provenance(id))?);
        let mut conflicts = Vec::new();
        for difference in &view.differences {
            let key = &difference.key;
            let label = schema::field(Kind::Resident, key).map_or((key.as_str(), key.as_str()), |one| (one.uk, one.en));
            let values = difference.values.iter().map(|written| {
                let shown = self.resident_text(key, written.value.to_string());
                self.conflict_value(&register, &provenance, written, shown)
            });
            conflicts.push(Conflict {
                key: key.clone(),
                uk: label.0.to_owned(),
                en: label.1.to_owned(),
                is_proposal: difference.is_proposal,
                values: values.collect::<Result<_, _>>()?,
            });
        }
        Ok((view.person.full_name(), conflicts))
    }

    /// Sets the value that shall stand of a resident. Who, when and why are kept. `seen`: as [`Agent::resolve`].
    pub fn resolve_resident(
        &self,
        record: &str,
        key: &str,
        take: &Take,
        seen: &[String],
        reason: &str,
    ) -> Result<(), AppError> {
        let (id, view) = self.resident(record)?;
        let difference = view.differences.iter().find(|one| one.key == key).ok_or_else(|| {
            AppError::input(
                format!("у полі «{key}» уже немає розбіжності: оновіть сторінку"),
                format!("field “{key}” does not differ any more: reload the page"),
            )
        })?;
        let value = taken(Kind::Resident, difference, take, seen)?;
        let choice = ResidentCommand::Resolve { key: key.to_owned(), value, reason: reason.to_owned() };
        self.peer.act(move |act| {
            act.command(id, |document, is_desk, who| edit_resident(document, is_desk, who, &choice)).map(|_| ())
        })?;
        self.recorded();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{agent, sample_form};
    use records::Edit;

    #[test]
    fn a_request_decides_no_difference_of_a_resident_and_a_person_does() {
        let (bench, agent) = agent();
        let saved = agent.save(&sample_form(), None).unwrap();
        let id: ids::RecordId = saved.resident.parse().unwrap();
        bench.centre.take_from(&agent.peer);
        let mend = ResidentCommand::Correct { fields: vec![Edit::new("phone", "+380501112233")], reason: "".into() };
        let done = bench.centre.desk.act_as("clerk", move |act| {
            act.command(id, |document, is_desk, who| edit_resident(document, is_desk, who, &mend))
        });
        assert!(done.unwrap());
        let mut form = sample_form();
        form.fields.insert("phone".into(), "+380671112233".into());
        agent.save(&form, None).unwrap();
        bench.centre.give_to(&agent.peer);
        let open = || agent.resident_conflicts(&saved.resident).unwrap().1;
        assert_eq!((open().len(), open()[0].key.as_str(), open()[0].values.len()), (1, "phone", 2));
        // The next request for this person is filled with one of the two: that is no choice.
        let id = agent.begin_for(&saved.resident).unwrap();
        let known = agent.draft(agent.draft_id(&id).unwrap()).unwrap().unwrap();
        let mut form = crate::app::Form { resident: saved.resident.clone(), ..sample_form() };
        form.fields.insert("phone".into(), known.field("phone").to_owned());
        agent.save(&form, None).unwrap();
        assert_eq!(open().len(), 1, "both still stand");
        let seen: Vec<String> = open()[0].values.iter().map(|one| one.mark.clone()).collect();
        let take = Take::Mark("+380501112233".into());
        assert!(agent.resolve_resident(&saved.resident, "phone", &take, &seen[..1], "бо").is_err(), "one was not seen");
        agent.resolve_resident(&saved.resident, "phone", &take, &seen, "передзвонили").unwrap();
        assert!(open().is_empty());
        assert_eq!(agent.resident(&saved.resident).unwrap().1.phone.text(), "+380501112233");
        assert!(agent.resolve_resident(&saved.resident, "phone", &take, &seen, "ще раз").is_err());
    }
}
