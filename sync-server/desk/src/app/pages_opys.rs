//! The опис of a request as the centre prints it again: a paper in Ukrainian.

use super::pages_case::{CasePage, PaperLine};
use super::{Desk, DeskError};

/// What stands on the опис. Empty texts are printed as «—» or left out, as the paper has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpysSheet {
    /// Number on the опис.
    pub number: String,
    /// When it was submitted, ms since 1970.
    pub submitted_at: i64,
    /// The centre's name.
    pub centre: String,
    /// Its telephone and address.
    pub contact: String,
    /// Surname, given name, patronymic.
    pub applicant: String,
    /// The organisation the applicant acts for.
    pub organisation: String,
    /// Who came for the applicant and by what right.
    pub representative: String,
    /// РНОКПП, as recorded.
    pub tax_number: String,
    /// Where the applicant lives.
    pub address: String,
    /// Telephones, as recorded.
    pub phones: Vec<String>,
    /// Who gives the service.
    pub provider: String,
    /// The service's name.
    pub service: String,
    /// Version of the information card.
    pub card: String,
    /// Recorded without access to the registers.
    pub offline: bool,
    /// The papers.
    pub papers: Vec<PaperLine>,
    /// All sheets together.
    pub sheets: u32,
    /// The fee in kopiykas and the number of its receipt; `None` if no fee was recorded.
    pub fee: Option<(u64, String)>,
    /// By when the answer comes, `YYYY-MM-DD`; may be empty.
    pub due: String,
    /// When consent was given, ms since 1970.
    pub consent_at: Option<i64>,
    /// How the result is received: `person`, `home`, `post`, `phone` or empty.
    pub delivery: String,
    /// Who took it.
    pub officer: String,
    /// Who signs for the applicant.
    pub signer: String,
}

impl Desk {
    /// The опис of the request with this number.
    pub fn opys(&self, by: &str, number: &str) -> Result<OpysSheet, DeskError> {
        let CasePage { page, papers, provider, .. } = self.case(by, number)?;
        let view = page.view;
        let profile = self.profile()?;
        let register = |key: &str| view.registers.text(key).to_owned();
        let representative = match (view.representative.full_name(), view.power.text()) {
            (name, "") => name,
            (name, power) => format!("{name}, {power}"),
        };
        let signer =
            if view.representative.is_empty() { view.applicant.full_name() } else { view.representative.full_name() };
        let address = if view.actual.line().is_empty() { view.registered.line() } else { view.actual.line() };
        let fee = view.fee.int().and_then(|kopiykas| u64::try_from(kopiykas).ok());
        let phones = [view.phone.text(), view.phone2.text()].into_iter().filter(|phone| !phone.is_empty());
        Ok(OpysSheet {
            submitted_at: view.submitted_at,
            centre: profile.name,
            contact: profile.contact,
            applicant: view.applicant.full_name(),
            organisation: register("a.orgname"),
            representative,
            tax_number: view.applicant.rnokpp.text().to_owned(),
            address,
            phones: phones.map(str::to_owned).collect(),
            provider,
            service: page.service_name.0,
            card: register("info_card"),
            offline: view.offline,
            sheets: papers.iter().map(|paper| u32::from(paper.sheets)).sum(),
            papers,
            fee: fee.map(|kopiykas| (kopiykas, view.fee_receipt.text().to_owned())),
            due: view.due.text().to_owned(),
            consent_at: view.consent.at.int(),
            delivery: view.delivery.text().to_owned(),
            officer: if view.officer_name.is_empty() { view.officer } else { view.officer_name },
            signer,
            number: view.number,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing;

    #[test]
    fn the_paper_says_what_was_recorded() {
        let mut town = testing::town();
        let suitcase = town.suitcase(7);
        let number = suitcase.record("Коваль", "Ганна");
        town.carry_up(&suitcase);
        let sheet = town.desk.opys("admin", &number).unwrap();
        assert_eq!((sheet.number, sheet.applicant.as_str()), (number, "Коваль Ганна"));
        assert_eq!((sheet.signer.as_str(), sheet.officer.as_str()), ("Коваль Ганна", "Олена"));
        assert_eq!(sheet.phones, ["+380501234567"]);
        assert_eq!(sheet.centre, "Глобинська громада");
    }
}
