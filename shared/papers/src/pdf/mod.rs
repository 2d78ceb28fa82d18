//! The same papers as PDF/A-2a: tagged, with fonts embedded, for those who file or send them.
//!
//! typst costs more to build than all the rest of the program, so it stands behind the feature `pdf`; without it
//! [`IS_BUILT_IN`] is false and pages offer the browser's print alone. It is kept away from keys as well: the program
//! starts itself again as `render-pdf` ([`serve`]), hands a [`job`] in and takes the PDF out ([`ask`]).

mod child;
#[cfg(feature = "pdf")]
mod setting;

pub use child::{ask, serve};
#[cfg(feature = "pdf")]
pub use setting::render;

use jiff::civil::Date;
use pages::{Block, Lang, Sheet, Texts};
use serde_json::{Value, json};

/// Whether this program can make PDF.
pub const IS_BUILT_IN: bool = cfg!(feature = "pdf");

/// The most that a job may have: some hundred times of what the longest request has.
pub const MAX_JOB: usize = 4 << 20;

/// The most that a PDF may have.
pub const MAX_PDF: usize = 16 << 20;

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// The program was built without it.
    #[error(
        "цю програму зібрано без PDF: друкуйте з браузера або зберіть її з «--features pdf» / this program was built without PDF: print from the browser or build it with “--features pdf”"
    )]
    NotBuilt,
    /// The papers are too long.
    #[error("папери завеликі для PDF: друкуйте з браузера / the papers are too long for PDF: print from the browser")]
    TooLong,
    /// typst would not set them; carries what it said.
    #[error("PDF не вдалося створити: друкуйте з браузера / the PDF could not be made: print from the browser ({0})")]
    Setting(String),
    /// The process did not start, died, or took too long.
    #[error("PDF не вдалося створити: друкуйте з браузера / the PDF could not be made: print from the browser ({0})")]
    Process(#[from] std::io::Error),
}

/// The day that a file says it was made; 1 January 2000 where the clock is beyond any calendar.
pub fn day_in_kyiv(now: clock::Time) -> Date {
    now.kyiv().map_or(jiff::civil::date(2000, 1, 1), |zoned| zoned.date())
}

/// What the process is given: papers as JSON, in the words of the template `paper.typ`. `printed` is the day that
/// stands in the file as its date.
pub fn job(sheets: &[Sheet], large: bool, printed: Date) -> Vec<u8> {
    let t = Texts::new(Lang::Uk);
    let title = match sheets {
        [one] => one.title.clone(),
        [first, ..] => t.with("papers-of", "number", &first.number),
        [] => String::new(),
    };
    let words = json!({
        "page": t.text("opys-page"),
        "of": t.text("opys-page-of"),
        "signature": t.text("opys-signature"),
        "initials": t.text("opys-initials"),
        "date": t.text("opys-date"),
        "chosen": t.text("paper-chosen"),
    });
    let job = json!({
        "title": title,
        "large": large,
        "printed": [printed.year(), printed.month(), printed.day()],
        "words": words,
        "sheets": sheets.iter().map(sheet).collect::<Vec<_>>(),
    });
    job.to_string().into_bytes()
}

fn sheet(sheet: &Sheet) -> Value {
    let code = sheet.code.as_ref().map(|code| json!({ "picture": code.picture.to_string(), "label": code.label }));
    json!({
        "kind": sheet.kind.name(),
        "number": sheet.number,
        "title": sheet.title,
        "copy": sheet.copy,
        "centre": sheet.centre,
        "addressees": sheet.addressees,
        "lead": sheet.lead,
        "subtitle": sheet.subtitle,
        "spoken": sheet.spoken,
        "code": code,
        "code_note": sheet.code_note,
        "blocks": sheet.blocks.iter().map(block).collect::<Vec<_>>(),
        "contact": sheet.contact,
        "footer": sheet.footer(),
    })
}

/// One space between words, as browsers set them; those that hold words together stay.
fn spaced(line: &str) -> String {
    line.split([' ', '\n', '\t']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn block(block: &Block) -> Value {
    match block {
        Block::Heading(words) => json!({ "is": "heading", "words": words }),
        Block::Text(lines) => {
            json!({ "is": "text", "lines": lines.iter().map(|line| spaced(line)).collect::<Vec<_>>() })
        }
        Block::Mark(words) => json!({ "is": "mark", "words": words }),
        Block::Facts(facts) => json!({ "is": "facts", "rows": facts }),
        Block::Table(labels, rows, total) => json!({ "is": "table", "labels": labels, "rows": rows, "total": total }),
        Block::Boxes(boxes) => json!({ "is": "boxes", "boxes": boxes }),
        Block::Signatures(persons, stamp) => json!({ "is": "signatures", "persons": persons, "stamp": stamp }),
        Block::Stage(title, rows, seal) => json!({ "is": "stage", "title": title, "rows": rows, "seal": seal }),
    }
}
