//! One paper of a request's checklist, held as one scalar under `d.<paper>`.

use crate::event::{escape, split};

/// In which form a paper was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PaperForm {
    /// Not named.
    #[default]
    Unknown,
    /// The original stays in the case.
    Original,
    /// A copy stays in the case.
    Copy,
    /// A scan or photograph only.
    Scan,
}

/// What was done with one paper at the kitchen table.
///
/// Stored as `seen|form|sheets|returned|name|details` with `1`/`0` for yes/no, form `o`, `c`, `s` or empty, and the
/// escapes of [`crate::event`]. `name` and `details` are what the опис prints.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Paper {
    /// The original was seen.
    pub seen: bool,
    /// What stays in the case.
    pub form: PaperForm,
    /// Number of sheets, 0 if not counted.
    pub sheets: u16,
    /// Given back to the applicant at once.
    pub returned: bool,
    /// The paper's name as printed.
    pub name: String,
    /// Series, number, date of the paper.
    pub details: String,
}

impl Paper {
    /// The scalar's text.
    pub fn encode(&self) -> String {
        let form = match self.form {
            PaperForm::Unknown => "",
            PaperForm::Original => "o",
            PaperForm::Copy => "c",
            PaperForm::Scan => "s",
        };
        format!(
            "{}|{form}|{}|{}|{}|{}",
            u8::from(self.seen),
            self.sheets,
            u8::from(self.returned),
            escape(&self.name),
            escape(&self.details)
        )
    }

    /// Read the scalar's text. A text of another form gives `None`; the raw text is then shown as it is.
    pub fn decode(text: &str) -> Option<Self> {
        let parts = split(text);
        let [seen, form, sheets, returned, name, details] = &parts[..] else { return None };
        Some(Self {
            seen: flag(seen)?,
            form: match form.as_str() {
                "" => PaperForm::Unknown,
                "o" => PaperForm::Original,
                "c" => PaperForm::Copy,
                "s" => PaperForm::Scan,
                _ => return None,
            },
            sheets: sheets.parse().ok()?,
            returned: flag(returned)?,
            name: name.clone(),
            details: details.clone(),
        })
    }
}

fn flag(text: &str) -> Option<bool> {
    match text {
        "0" => Some(false),
        "1" => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paper_reads_back_whatever_its_name() {
        let paper = Paper {
            seen: true,
            form: PaperForm::Copy,
            sheets: 3,
            returned: true,
            name: "Довідка | форма 2\\а\nаркуш".into(),
            details: "№ 17 від 02.03.2026".into(),
        };
        assert_eq!(Paper::decode(&paper.encode()), Some(paper));
        assert_eq!(Paper::decode("1|o|2"), None);
        assert_eq!(Paper::decode("1|o|70000|0||"), None);
    }
}
