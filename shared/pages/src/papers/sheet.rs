//! One paper as it is printed, by the browser or as PDF: ready words in blocks, in reading order.

use super::typography::typeset;
use crate::Texts;
use crate::format::or_nothing;
use crate::qr::{self, Svg};

/// Which paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PaperKind {
    /// Заява.
    Application,
    /// Згода на обробку персональних даних.
    Consent,
    /// Опис вхідного пакета документів.
    Opys,
    /// Лист проходження етапів.
    Routing,
    /// Акт кінця зміни: of a suitcase, not of a request.
    Shift,
}

impl PaperKind {
    /// All of a request, in the order in which they are signed and filed.
    pub const ALL: [Self; 4] = [Self::Application, Self::Consent, Self::Opys, Self::Routing];

    /// Its name in addresses and commands.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Consent => "consent",
            Self::Opys => "opys",
            Self::Routing => "routing",
            Self::Shift => "shift",
        }
    }

    /// From the name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Its name for people, short: «Заява».
    pub fn label(self, t: Texts) -> String {
        t.text(&format!("paper-{}", self.name()))
    }
}

/// The code on a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// The picture, for the browser and for PDF.
    pub picture: Svg,
    /// What it is, for those who hear the paper.
    pub label: String,
}

impl Code {
    /// A code with this content; nothing for an empty text or one that fits no code.
    pub fn of(t: Texts, content: &str) -> Option<Self> {
        let picture = qr::svg(content.as_bytes()).ok().filter(|_| !content.is_empty())?;
        Some(Self { picture, label: t.text("opys-qr") })
    }
}

/// A paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Which.
    pub kind: PaperKind,
    /// The receipt number.
    pub number: String,
    /// «Опис № 7-211126-014-К4М».
    pub title: String,
    /// «Примірник заявника»; may be empty.
    pub copy: String,
    /// Name of the ЦНАП.
    pub centre: String,
    /// To whom it is addressed: label and name; empty where nobody is.
    pub addressees: Vec<(String, String)>,
    /// The line under the title; may be empty.
    pub lead: String,
    /// The line under that; may be empty.
    pub subtitle: String,
    /// The number as it is said on the telephone, with what it is.
    pub spoken: String,
    /// The code.
    pub code: Option<Code>,
    /// What stands under the code beside the number, such as who signed it; may be empty.
    pub code_note: String,
    /// Everything else, in reading order.
    pub blocks: Vec<Block>,
    /// The last line; may be empty.
    pub contact: String,
}

/// A part of a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading of what follows.
    Heading(String),
    /// Paragraphs.
    Text(Vec<String>),
    /// A sentence that must be seen.
    Mark(String),
    /// Labels and values.
    Facts(Vec<(String, String)>),
    /// Rows under labels, numbered; and a sentence below them that may be empty.
    Table(Vec<String>, Vec<Vec<String>>, String),
    /// Boxes, the chosen ones crossed.
    Boxes(Vec<(String, bool)>),
    /// Who signs: role and name; and the words in the place for a stamp, empty for no such place.
    Signatures(Vec<(String, String)>, String),
    /// A stamp of the routing sheet: what it is, its lines (an empty value is a line to write on), the place for a seal.
    Stage(String, Vec<(String, String)>, String),
}

impl Sheet {
    /// The same with the right spaces, apostrophes and quotation marks, and «—» for what is empty.
    pub(crate) fn typeset(mut self) -> Self {
        for text in
            [&mut self.title, &mut self.copy, &mut self.centre, &mut self.lead, &mut self.subtitle, &mut self.contact]
        {
            *text = typeset(text);
        }
        for (_, name) in &mut self.addressees {
            *name = typeset(or_nothing(name));
        }
        self.blocks = self.blocks.into_iter().map(Block::typeset).collect();
        self
    }

    /// What stands at the foot of each page: «Опис № 7-211126-014-К4М».
    pub fn footer(&self) -> String {
        let t = Texts::new(crate::Lang::Uk);
        typeset(&t.say("paper-foot", &[("paper", self.kind.label(t).into()), ("number", self.number.as_str().into())]))
    }
}

impl Block {
    fn typeset(self) -> Self {
        let rows = |rows: Vec<(String, String)>| -> Vec<(String, String)> {
            rows.into_iter().map(|(label, value)| (label, typeset(&value))).collect()
        };
        let filled = |text: String| typeset(or_nothing(&text));
        match self {
            Self::Heading(words) => Self::Heading(typeset(&words)),
            Self::Text(lines) => Self::Text(lines.iter().map(|line| typeset(line)).collect()),
            Self::Mark(words) => Self::Mark(typeset(&words)),
            Self::Facts(facts) => {
                Self::Facts(facts.into_iter().map(|(label, value)| (typeset(&label), filled(value))).collect())
            }
            Self::Table(labels, cells, total) => {
                let cells = cells.into_iter().map(|row| row.into_iter().map(filled).collect()).collect();
                Self::Table(labels, cells, total)
            }
            Self::Boxes(boxes) => Self::Boxes(boxes),
            Self::Signatures(persons, stamp) => Self::Signatures(rows(persons), stamp),
            Self::Stage(title, lines, seal) => Self::Stage(typeset(&title), rows(lines), seal),
        }
    }
}
