//! One request as it is taken at the table: a service, answers, papers, dates.

use catalogue::{Answers, Catalogue, Facts, FeeOutcome, Mode, PaperState, Service, WorkCalendar};
use records::{Paper, PaperForm};

use super::answers::Scene;
use super::dice::{Dice, text_of};
use super::person::Person;

/// What is asked for most at homes, the commonest first; five requests in six are one of these.
const COMMON: [&str; 30] = [
    "housing-subsidy",
    "residence-registration",
    "household-composition",
    "old-age-pension",
    "pension-certificate",
    "care-allowance",
    "passport-photo",
    "utility-benefits",
    "idp-registration",
    "low-income-assistance",
    "social-services-decision",
    "hromada-register-extract",
    "no-pension-assistance",
    "id-card-exchange",
    "assistive-aids",
    "benefits-register",
    "care-compensation-nonprofessional",
    "residence-deregistration",
    "damage-notice",
    "cadastre-parcel-extract",
    "civil-certificate-reissue",
    "realty-ownership-registration",
    "war-disability-status",
    "idp-living-aid",
    "large-family-certificate",
    "land-share-certificate",
    "rehabilitation-referral",
    "destroyed-compensation",
    "tree-removal-permit",
    "fop-registration",
];

/// A request as it is taken.
#[derive(Debug, Clone)]
pub struct Request {
    /// The service.
    pub service: &'static Service,
    /// Answers by key.
    pub answers: Answers,
    /// Papers taken, by the catalogue's id.
    pub papers: Vec<(String, Paper)>,
    /// `person`, `post`, `phone` or `home`.
    pub delivery: &'static str,
    /// Fee in kopiykas, where the catalogue knows it.
    pub fee: Option<i64>,
    /// Names of the providers, by semicolon.
    pub provider: String,
    /// Control date, `YYYY-MM-DD`.
    pub due: String,
    /// Day by which the papers must be with the provider.
    pub handover_due: String,
}

impl Request {
    /// Sheets of all papers.
    pub fn sheets(&self) -> i64 {
        self.papers.iter().map(|(_, paper)| i64::from(paper.sheets)).sum()
    }
}

/// Whether a request for the service can be recorded at a home.
pub fn can_be_taken(service: &Service) -> bool {
    matches!(service.outreach.mode, Mode::CompleteOnSite | Mode::IntakeOnly)
}

impl Scene<'_> {
    /// A request for some service, common ones more often.
    pub fn request(&self, dice: &mut Dice) -> Request {
        let catalogue = Catalogue::embedded();
        let common = COMMON[(dice.below(1_000).pow(2) * COMMON.len()) / 1_000_000];
        let all: Vec<&'static Service> = catalogue.services().iter().filter(|one| can_be_taken(one)).collect();
        let any = *dice.pick(&all);
        let service = if dice.percent(83) { catalogue.service(common).unwrap_or(any) } else { any };
        self.request_for(service, dice)
    }

    /// A request for this service.
    pub fn request_for(&self, service: &'static Service, dice: &mut Dice) -> Request {
        let catalogue = Catalogue::embedded();
        let answers = self.answers(service, dice);
        let facts = Facts {
            representative: Some(false),
            age: u16::try_from(self.applicant.age(self.today)).ok(),
            answers: answers.clone(),
            ..Facts::on(self.today)
        };
        let evaluation = catalogue.evaluate(service, &facts, WorkCalendar::embedded());
        let taken = evaluation.papers.iter().filter(|need| match need.state {
            PaperState::Needed => true,
            PaperState::NotNeeded => false,
            PaperState::Ask => dice.percent(30),
        });
        let wanted: Vec<_> = taken.map(|need| need.paper).collect();
        let papers = wanted.iter().map(|paper| (paper.id.clone(), self.paper(paper, dice))).collect();
        let providers = service.authorities.iter().filter_map(|id| catalogue.authority(id));
        Request {
            service,
            answers,
            papers,
            delivery: dice.common::<&str>(&["person", "home", "phone", "post"]),
            fee: match evaluation.fee.outcome {
                FeeOutcome::Free => Some(0),
                FeeOutcome::Known(amount) => Some(amount.kopiykas),
                _ => None,
            },
            provider: providers.map(|one| one.name.uk.as_str()).collect::<Vec<_>>().join("; "),
            due: evaluation.control_date.date.to_string(),
            handover_due: evaluation.handover_due.to_string(),
        }
    }

    fn paper(&self, paper: &catalogue::Paper, dice: &mut Dice) -> Paper {
        use catalogue::PaperForm as Form;
        let (form, returned) = match paper.form {
            Form::OriginalShown => (PaperForm::Unknown, true),
            Form::Copy | Form::CopyWithOriginal => (PaperForm::Copy, true),
            Form::OriginalOrScan | Form::Digital | Form::DigitalOnly => (PaperForm::Scan, true),
            _ => (PaperForm::Original, false),
        };
        let details = match paper.id.as_str() {
            "identity-document" | "passport" => own_document(self.applicant),
            "rnokpp" => self.applicant.tax_number.clone().unwrap_or_default(),
            _ if dice.percent(35) => {
                let day = dice.day_years_before(self.today, 0).strftime("%d.%m.%Y").to_string();
                format!("№ {} від {day}", text_of(&dice.digits::<3>()))
            }
            _ => String::new(),
        };
        let sheets = if form == PaperForm::Unknown { 0 } else { dice.between(1, 3) as u16 };
        Paper { seen: true, form, sheets, returned, name: paper.name.uk.clone(), details }
    }
}

fn own_document(person: &Person) -> String {
    format!("{} {}", person.document.series, person.document.number).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invented::{Dice, Families, Hromada, TRAINING, UNSEEN};

    #[test]
    fn the_common_services_exist_and_cover_many_groups() {
        let catalogue = Catalogue::embedded();
        let mut groups: Vec<&str> = Vec::new();
        for slug in COMMON {
            let service = catalogue.service(slug).unwrap_or_else(|| panic!("{slug}"));
            assert!(can_be_taken(service), "{slug}");
            groups.push(&service.group);
        }
        groups.sort_unstable();
        groups.dedup();
        assert!(groups.len() >= 8, "{groups:?}");
    }

    #[test]
    fn every_form_is_answered_without_an_issue() {
        let today = jiff::civil::date(2026, 11, 21);
        for (seed, pool) in [(1, &TRAINING), (2, &UNSEEN)] {
            let hromada = Hromada::named(pool.hromadas[0]).unwrap();
            let mut dice = Dice::new(seed);
            let mut families = Families::new(pool, &hromada, today);
            for service in Catalogue::embedded().services().iter().filter(|one| can_be_taken(one)) {
                let household = families.next(&mut dice);
                let scene =
                    Scene { pool, hromada: &hromada, household: &household, applicant: household.head(), today };
                for _ in 0..4 {
                    let request = scene.request_for(service, &mut dice);
                    assert_eq!(service.check(&request.answers), [], "{}", service.slug);
                    assert!(request.due >= request.handover_due || request.due >= today.to_string());
                }
            }
        }
    }
}
