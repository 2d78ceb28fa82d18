//! The program's own process that sets PDF: started as the program starts it, with a paper and with nonsense.

use field_agent as _;
use pages::{PaperKind, RoutingSheet};
use papers::pdf;
use std::path::Path;
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_field-agent");

#[test]
fn a_paper_goes_in_and_a_pdf_comes_out() {
    let sheet = RoutingSheet { number: "7-211126-014-К4М".into(), ..RoutingSheet::default() }.sheet();
    assert_eq!(sheet.kind, PaperKind::Routing);
    let job = pdf::job(&[sheet], false, jiff::civil::date(2026, 11, 21));
    let started = Instant::now();
    let bytes = pdf::ask(Path::new(PROGRAM), job).unwrap();
    eprintln!("one paper through the process: {} bytes in {:?}", bytes.len(), started.elapsed());
    assert!(bytes.starts_with(b"%PDF-"));
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[test]
fn nonsense_is_an_error_and_no_pdf() {
    assert!(pdf::ask(Path::new(PROGRAM), b"nonsense".to_vec()).is_err());
    assert!(pdf::ask(Path::new("/no/such/program"), b"{}".to_vec()).is_err());
    assert!(matches!(pdf::ask(Path::new(PROGRAM), vec![b' '; pdf::MAX_JOB + 1]), Err(pdf::PdfError::TooLong)));
}
