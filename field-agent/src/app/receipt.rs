//! The опис: what is printed for the applicant; and the statement in its code.

use super::statement::{Statement, StatementError};
use super::{Agent, AppError};
use pages::Opys;
use signing::Label;

impl Agent {
    /// The опис of a request, ready to be printed. `large`: 18 pt. That it was printed is for [`Agent::printed`].
    pub fn receipt(&self, number: &str, large: bool) -> Result<Opys, AppError> {
        self.with_case(number, |case| Ok(case.opys(large)))
    }

    /// The text in the QR code: see [`papers::Statement`].
    pub fn statement(&self, number: &str) -> Result<String, AppError> {
        let (row, _, view) = self.find_view(number)?;
        let entry = self.first_entry(row.record)?.unwrap_or_default();
        let statement = ::papers::Statement {
            number: view.number.clone(),
            service: view.service.text().to_owned(),
            at: view.submitted_at,
            papers: u16::try_from(view.papers().count()).unwrap_or(u16::MAX),
            entry,
            chain: self.peer.chain(),
        };
        let signature = self.peer.sign(Label::Statement, statement.fields())?;
        Ok(statement.to_text(&signature))
    }

    /// First bytes of the hash of the entry that made a record; `None` where it is not known here.
    pub(super) fn first_entry(&self, record: ids::RecordId) -> Result<Option<[u8; 8]>, AppError> {
        let birth = self.peer.read(|reader| reader.birth(record))?;
        Ok(birth.and_then(|birth| birth.hash.0.first_chunk().copied()))
    }

    /// Checks the text of a QR code against the centre's register.
    pub fn check_statement(&self, text: &str) -> Result<Result<Statement, StatementError>, AppError> {
        let register = self.peer.register()?;
        Ok(Statement::from_text(text, &register))
    }
}

#[cfg(test)]
mod tests {
    use super::super::StatementError;
    use super::*;
    use crate::app::testing::{agent, sample_form};
    use crate::app::{AppError, Settings};
    use pages::PaperKind;

    #[test]
    fn the_paper_says_what_was_recorded() {
        let (_bench, agent) = agent();
        let settings = Settings {
            centre: "ЦНАП Глобинської міської ради".into(),
            contact: "м. Глобине, вул. Центральна, 285".into(),
            ..Settings::default()
        };
        agent.set_settings(&settings).unwrap();
        agent.set_officer_name("olena", "Шевчук Олена Іванівна").unwrap();
        let number = agent.save(&sample_form(), None).unwrap().number;
        let opys = agent.receipt(&number, false).unwrap();
        assert_eq!((opys.papers.len(), opys.sheets), (3, 6));
        assert_eq!((opys.date.as_str(), opys.time.as_str()), ("21 листопада 2026 року", "12:00"));
        let html = opys.to_string().replace('\u{a0}', " ");
        for text in [
            number.as_str(),
            "Коваленко Ганна Петрівна",
            "140 821 2320",
            "безоплатно",
            "Шевчук Олена Іванівна",
            "до 1 грудня 2026 року",
            "Глобинської",
            "<svg",
            "Декларація про доходи",
        ] {
            assert!(html.contains(text), "{text}");
        }
    }

    #[test]
    fn a_file_of_it_needs_nothing_beside_it_and_counts_as_printed() {
        let (bench, agent) = agent();
        let number = agent.save(&sample_form(), None).unwrap().number;
        let path = bench.dir.path().join("опис.html");
        agent.papers_to(&number, &[PaperKind::Opys], true, &path).unwrap();
        let html = std::fs::read_to_string(&path).unwrap();
        assert!(html.contains("href=\"data:text/css;charset=utf-8,"));
        assert!(!html.contains(&pages::assets::url("paper.css")));
        assert_eq!(agent.request(&number).unwrap().prints, 1);
        assert!(
            matches!(
                agent.papers_to(&number, &[PaperKind::Opys], true, &path),
                Err(AppError::Peer(peer::PeerError::Taken { .. }))
            ),
            "it is not written over"
        );
    }

    #[test]
    fn the_code_is_checked_against_the_register() {
        let (bench, agent) = agent();
        let number = agent.save(&sample_form(), None).unwrap().number;
        let text = agent.statement(&number).unwrap();
        let register = bench.centre.desk.register().unwrap();
        let statement = Statement::from_text(&text.to_lowercase(), &register).unwrap();
        assert_eq!((statement.number.as_str(), statement.papers), (number.as_str(), 3));
        assert!(agent.check_statement(&text).unwrap().is_ok());
        let digit = text.len() - 70 * 2;
        let other = if text.as_bytes()[digit] == b'0' { "1" } else { "0" };
        let changed = format!("{}{other}{}", &text[..digit], &text[digit + 1..]);
        assert!(Statement::from_text(&changed, &register).is_err());
        for cut in [0, 5, 40, text.len() - 1] {
            assert!(Statement::from_text(&text[..cut], &register).is_err());
        }
        let stranger = chain::Register::new(register.tenant(), *register.root());
        assert_eq!(Statement::from_text(&text, &stranger), Err(StatementError::UnknownSuitcase));
    }
}
