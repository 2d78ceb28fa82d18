//! All papers of a request: for the browser's printer, for a file, as PDF/A.

use super::export::write_new;
use super::new_request::providers;
use super::{Agent, AppError, Changed};
use ::papers::pdf::{self, PdfError};
use ::papers::{Case, Centre, Signer};
use pages::{Lang, PaperKind, PaperPage, Sheet, Texts};
use std::path::Path;

impl Agent {
    /// The papers of a request, ready to be printed, with its number as it is written. `large`: 18 pt. Of several, the
    /// опис is there for the applicant and for the case.
    pub fn papers(&self, number: &str, kinds: &[PaperKind], large: bool) -> Result<(String, Vec<Sheet>), AppError> {
        self.with_case(number, |case| Ok((case.view.number.clone(), case.sheets(kinds, large))))
    }

    /// The same as PDF/A. Refused where the program was built without it.
    pub fn papers_as_pdf(&self, number: &str, kinds: &[PaperKind], large: bool) -> Result<Vec<u8>, AppError> {
        let (_, sheets) = self.papers(number, kinds, large)?;
        pdf::ask(&self.program, pdf::job(&sheets, large, pdf::day_in_kyiv(self.now()))).map_err(|error| no_pdf(&error))
    }

    /// Writes papers into a new file: PDF/A if it is named so, else HTML with the stylesheet inside it. An опис among
    /// them counts as printed.
    pub fn papers_to(&self, number: &str, kinds: &[PaperKind], large: bool, path: &Path) -> Result<Changed, AppError> {
        let is_pdf = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("pdf"));
        let (number, sheets) = self.papers(number, kinds, large)?;
        if is_pdf {
            write_new(path, &self.papers_as_pdf(&number, kinds, large)?)?;
        } else {
            write_new(path, standing_alone(&PaperPage::new(Texts::new(Lang::Uk), large, sheets)).as_bytes())?;
        }
        if kinds.contains(&PaperKind::Opys) { self.printed(&number) } else { self.unchanged(&number) }
    }

    /// A request with all that its papers need.
    pub(super) fn with_case<T>(
        &self,
        number: &str,
        work: impl FnOnce(&Case<'_>) -> Result<T, AppError>,
    ) -> Result<T, AppError> {
        let (_, _, view) = self.find_view(number)?;
        let (settings, code) = (self.settings()?, self.statement(number)?);
        let catalogue = self.catalogue_kept(&view);
        let centre = Centre {
            owner: Some(settings.data_owner()),
            name: settings.centre.clone(),
            contact: settings.contact.clone(),
        };
        let provider = catalogue.service(view.service.text()).map(|service| providers(catalogue, service));
        work(&Case {
            view: &view,
            catalogue,
            settlements: self.settlements,
            centre: &centre,
            provider: provider.as_deref().unwrap_or_default(),
            code: &code,
            signer: Signer::Suitcase,
        })
    }

    fn unchanged(&self, number: &str) -> Result<Changed, AppError> {
        let request = self.request(number)?;
        Ok(Changed { number: request.number, changed: false, place: request.place })
    }
}

fn no_pdf(error: &PdfError) -> AppError {
    AppError::Input(error.to_string())
}

/// The process that sets PDF: one job in, one PDF out.
pub fn render_pdf(input: impl std::io::Read, output: impl std::io::Write) -> Result<(), AppError> {
    pdf::serve(input, output).map_err(|error| no_pdf(&error))
}

/// The page with its stylesheet as a `data:` address. The fonts stay behind: any that has Ukrainian letters will do.
pub(super) fn standing_alone(page: &PaperPage) -> String {
    let style = pages::assets::find("paper.css").map_or(&[][..], |asset| asset.bytes);
    let mut address = String::from("data:text/css;charset=utf-8,");
    for byte in style {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => address.push(char::from(*byte)),
            other => address.push_str(&format!("%{other:02X}")),
        }
    }
    page.to_string().replace(&pages::assets::url("paper.css"), &address)
}

#[cfg(test)]
mod tests {
    use crate::app::testing::{agent, sample_form};
    use pages::{PaperKind, PaperPage, Texts};

    #[test]
    fn every_paper_says_what_was_recorded() {
        let (_bench, agent) = agent();
        let number = agent.save(&sample_form(), None).unwrap().number;
        let (_, sheets) = agent.papers(&number, &PaperKind::ALL, false).unwrap();
        let kinds: Vec<PaperKind> = sheets.iter().map(|sheet| sheet.kind).collect();
        use PaperKind as K;
        assert_eq!(kinds, [K::Application, K::Consent, K::Opys, K::Opys, K::Routing]);
        let said = |at: usize| {
            let page = PaperPage::new(Texts::new(pages::Lang::Uk), false, vec![sheets[at].clone()]);
            page.to_string().replace('\u{a0}', " ")
        };
        for (at, words) in [
            (0, &["Прошу надати адміністративну послугу", "поштове відділення", "Члени домогосподарства", "54,3"][..]),
            (1, &["Персональні дані", "Відкликання не впливає", "згоден (згодна)", "версія 1 від"]),
            (2, &["Примірник заявника", number.as_str()]),
            (3, &["Примірник справи"]),
            (4, &["1. Відмітка про реєстрацію", "5. Відмітка про отримання результату", "М. П."]),
        ] {
            for word in words {
                assert!(said(at).contains(word), "{word} is not on {:?}", sheets[at].kind);
            }
        }
    }
}
