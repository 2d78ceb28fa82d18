//! `docs/merge-rules.md`, written from the schema.

use std::fmt::Write;

use crate::schema::{self, Kind, Rule, Shape};

const HEAD: &str = "# Merge rules

Written from the table in `shared/records/src/schema`; a test compares, another goes through every field in pairs of concurrent actions.
To write it anew: `cargo nextest run -p records --run-ignored only write_the_page`.

Merging is no legal rule. A record is one flat map; each field follows one of six rules when two people wrote it without seeing each other:

| rule | what happens |
|---|---|
";

impl Rule {
    /// All rules, in the order of the documentation.
    pub const ALL: [Self; 6] = [
        Self::KeepBothAndAsk,
        Self::AppendOnly,
        Self::DecisionBeatsEdit,
        Self::FirstProvenWins,
        Self::Counter,
        Self::FixedAtBirth,
    ];

    /// The rule's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::KeepBothAndAsk => "keep both and ask",
            Self::AppendOnly => "append only",
            Self::DecisionBeatsEdit => "decision beats edit",
            Self::FirstProvenWins => "first proven wins",
            Self::Counter => "counter",
            Self::FixedAtBirth => "fixed at birth",
        }
    }

    const fn meaning(self) -> &'static str {
        match self {
            Self::KeepBothAndAsk => {
                "all values are kept and shown; one stands for the time being, the same on every replica; a person chooses, and who, when, why is kept as an event `resolved`; equal values are one"
            }
            Self::AppendOnly => "every entry lies under its own key; it is never changed or taken away",
            Self::DecisionBeatsEdit => {
                "as the first rule while the request is open; once the centre has decided, values written on a suitcase after the decision or without having seen it are proposals: shown beside the value that stands, never lost, accepted or declined by the centre"
            }
            Self::FirstProvenWins => {
                "what the centre wrote stands before what anybody else wrote, the earlier before the later; once given it is never replaced; two given at once are shown until a person chooses"
            }
            Self::Counter => "the number of entries counts; every entry says who counted and when",
            Self::FixedAtBirth => {
                "written in the record's first change, never again; the gate refuses a change that tries"
            }
        }
    }
}

/// The whole page.
pub fn markdown() -> String {
    let mut out = HEAD.to_owned();
    for rule in Rule::ALL {
        let _ = writeln!(out, "| {} | {} |", rule.name(), rule.meaning());
    }
    out.push_str(
        "\nAn integer that nobody knows any more is written as the empty text.\n\nStates are no fields. They are derived from the events `e/<id>` (`t|code|prev|by|about|reason`), each of which names the event its author saw: steps that are \
         not possible are kept, shown and ignored; decisions taken without seeing each other are flagged, the higher-ranked stands until a clerk chooses \
         (request: withdrawn > ready > asked > refused > duplicate; visit: applicant died > cancelled by the applicant > approved > cancelled by the CNAP > refused). For ten minutes the author of a step may take it back (event `undone`), unless somebody went on from it. Events that change no state: `resolved`, `settled`, `corrected`, `undone`; of the centre alone `claimed` and `released` (which clerk has it: the first who claimed it since it was nobody's), `notified`, `prolonged`, `not_duplicate`; and `stamped`, a mark of the routing sheet: `about` is its number 1 to 5, `reason` is `day|person|term|number|result day|text|why`, each part escaped as the event's own. Of each kind the last mark stands, and a mark that names a step as its `prev` goes with that step when it is taken back.\n",
    );
    for kind in Kind::ALL {
        let _ = write!(out, "\n## {}\n\n| key | holds | rule | поле | field |\n|---|---|---|---|---|\n", kind.name());
        for field in schema::table(kind) {
            let shape = match field.shape {
                Shape::Text(max) => format!("text ≤ {max} B"),
                Shape::Int => "integer".to_owned(),
                Shape::Bool => "yes/no".to_owned(),
                Shape::Answer => "text ≤ 1024 B, integer or yes/no".to_owned(),
            };
            let _ = writeln!(
                out,
                "| `{}` | {shape} | {} | {} | {} |",
                field.key_pattern(),
                field.rule.name(),
                field.uk,
                field.en
            );
        }
    }
    out
}
