//! The papers of a request as the centre prints them: the same as the suitcase's, with the marks of the routing sheet.

use super::traces::How;
use super::{CasePage, Desk, DeskError, ErrorKind};
use ::papers::pdf;
use ::papers::{Case, Centre, Signer};
use catalogue::Settlements;
use pages::{PaperKind, Sheet};

impl Desk {
    /// The papers of the request with this number, ready to be printed, with its number. `large`: 18 pt. Of several,
    /// the опис is there for the applicant and for the case.
    pub fn papers(
        &self,
        by: &str,
        number: &str,
        kinds: &[PaperKind],
        large: bool,
    ) -> Result<(String, Vec<Sheet>), DeskError> {
        let how = if *kinds == [PaperKind::Routing] { How::Sheet } else { How::Opys };
        let CasePage { page, provider, number, .. } = self.case(by, number, how)?;
        let code = self.statement(page.record, &page.view)?;
        let centre = Centre::of(&self.centre_details()?);
        let case = Case {
            view: &page.view,
            catalogue: self.catalogue_for(&page.view),
            settlements: Settlements::embedded(),
            centre: &centre,
            provider: &provider,
            code: &code,
            signer: Signer::Centre,
        };
        Ok((number, case.sheets(kinds, large)))
    }

    /// The same as PDF/A. Refused where the program was built without it.
    pub fn papers_as_pdf(
        &self,
        by: &str,
        number: &str,
        kinds: &[PaperKind],
        large: bool,
    ) -> Result<Vec<u8>, DeskError> {
        let (_, sheets) = self.papers(by, number, kinds, large)?;
        pdf::ask(&self.tools.program, pdf::job(&sheets, large, pdf::day_in_kyiv(self.now())))
            .map_err(|error| DeskError::from_text(ErrorKind::Refused, &error.to_string()))
    }

    /// The page that checks papers of this centre without a network, with what it needs to know inside it.
    pub fn verifier(&self) -> Result<String, DeskError> {
        let register = self.peer.register()?;
        let centre = Centre::of(&self.centre_details()?);
        Ok(::papers::verifier::page(&register, &self.peer.register_segments()?, &centre.name, self.catalogue()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;
    use pages::{Lang, PaperPage, Texts};

    #[test]
    fn papers_say_what_was_recorded_and_are_signed_by_the_centre() {
        let mut town = testing::town();
        let suitcase = town.suitcase(7);
        let number = suitcase.record("Коваль", "Ганна");
        town.carry_up(&suitcase);
        let (shown, sheets) = town.desk.papers("admin", &number, &PaperKind::ALL, false).unwrap();
        assert_eq!((shown, sheets.len()), (number.clone(), 5), "the опис is there twice");
        let told = PaperPage::new(Texts::new(Lang::Uk), false, sheets).to_string().replace('\u{a0}', " ");
        for words in ["Коваль Ганна", "+380 50 123 45 67", "Глобинська громада", "підпис центру", "Олена"]
        {
            assert!(told.contains(words), "{words}");
        }
        let record = town.desk.request_of(&number).unwrap();
        let text = town.desk.statement(record, &town.desk.view_of(record).unwrap()).unwrap();
        let register = town.desk.peer.register().unwrap();
        assert_eq!(::papers::Statement::from_text(&text, &register).unwrap().number, number);
        assert!(town.desk.papers("nobody", &number, &[PaperKind::Opys], false).is_err());
    }
}
