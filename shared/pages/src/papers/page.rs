//! Papers as a page for the printer, with what is needed around them on the screen.

use super::{Block, PaperKind, Sheet};
use crate::qr::Svg;
use crate::{Texts, assets};
use askama::Template;

/// One paper or several, each on its own sheets. A document of its own with `paper.css`: not a page of the console.
#[derive(Clone, Template)]
#[template(path = "pages/papers.html")]
pub struct PaperPage {
    /// Words on the screen around the papers. The papers themselves are in Ukrainian.
    pub t: Texts,
    /// Large print: 18 pt, the same order.
    pub large: bool,
    /// The papers.
    pub sheets: Vec<Sheet>,
    /// Where «До звернення» leads; empty for none.
    pub back: String,
    /// This page in the other size; empty for none.
    pub other_size: String,
    /// The other papers of the request: name, address, whether it is this one.
    pub others: Vec<(String, String, bool)>,
    /// The same as PDF/A; empty where it is not built in.
    pub pdf: String,
}

impl PaperPage {
    /// Papers with nothing around them but the button that prints.
    pub fn new(t: Texts, large: bool, sheets: Vec<Sheet>) -> Self {
        let nothing = String::new;
        Self { t, large, sheets, back: nothing(), other_size: nothing(), others: Vec::new(), pdf: nothing() }
    }

    fn asset(&self, name: &str) -> String {
        assets::url(name)
    }

    /// The papers are in Ukrainian whatever the screen says.
    fn uk(&self) -> Texts {
        Texts::new(crate::Lang::Uk)
    }

    fn title(&self) -> String {
        match &self.sheets[..] {
            [] => String::new(),
            [one] => one.title.clone(),
            [first, ..] => self.uk().with("papers-of", "number", &first.number),
        }
    }

    /// Where a paper of a request and one of a suitcase lead back to.
    fn back_words(&self) -> String {
        let of_suitcase = self.sheets.iter().any(|sheet| sheet.kind == PaperKind::Shift);
        self.t.text(if of_suitcase { "shift-back" } else { "opys-back" })
    }

    /// What stands before a page's number: pages of several papers are counted through.
    fn page_words(&self) -> String {
        self.uk().text(if self.sheets.len() > 1 { "paper-page-of-all" } else { "opys-page" })
    }

    fn footer(&self, kind: &str) -> String {
        let sheet = self.sheets.iter().find(|sheet| sheet.kind.name() == kind);
        sheet.map(Sheet::footer).unwrap_or_default()
    }

    /// Inline pictures name nothing: several codes on one page would repeat an id.
    fn picture<'a>(&self, sheet: &'a Sheet) -> Option<(&'a Svg, &'a str)> {
        sheet.code.as_ref().map(|code| (&code.picture, code.label.as_str()))
    }
}
