//! typst: a job in, PDF/A-2a out. Nothing is read but what is compiled in: no files, no packages, no network.

use super::PdfError;
use typst::foundations::{Dict, IntoValue};
use typst_as_lib::TypstEngine;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

const TEMPLATE: &str = include_str!("../../assets/paper.typ");
static FONTS: [&[u8]; 2] =
    [include_bytes!("../../fonts/Inter-Regular.ttf"), include_bytes!("../../fonts/Inter-SemiBold.ttf")];

/// Sets one job.
pub fn render(job: &[u8]) -> Result<Vec<u8>, PdfError> {
    let said = |error: &dyn std::fmt::Debug| {
        let mut words = format!("{error:?}");
        words.truncate((0..=2_000.min(words.len())).rev().find(|end| words.is_char_boundary(*end)).unwrap_or(0));
        PdfError::Setting(words)
    };
    let job = std::str::from_utf8(job).map_err(|error| said(&error))?;
    let engine = TypstEngine::builder().main_file(TEMPLATE).fonts(FONTS).build();
    let mut inputs = Dict::new();
    inputs.insert("job".into(), job.into_value());
    let document: PagedDocument = engine.compile_with_input(inputs).output.map_err(|error| said(&error))?;
    let standards = PdfStandards::new(&[PdfStandard::A_2a]).map_err(|error| said(&error))?;
    let options = PdfOptions { standards, ..PdfOptions::default() };
    typst_pdf::pdf(&document, &options).map_err(|error| said(&error))
}
