//! «Акт кінця зміни»: the suitcase's signed word that nothing is left on it, for the officer to hand in.

use super::{Block, Code, PaperKind, Sheet};
use crate::{Lang, Texts};

/// Everything that stands on the paper, ready to be read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ShiftSheet {
    /// Number of the suitcase and the day: «7, 21.11.2026».
    pub number: String,
    /// Name of the ЦНАП.
    pub centre: String,
    /// Number of the suitcase.
    pub suitcase: String,
    /// Full name of the officer.
    pub officer: String,
    /// «21.11.2026 18:05».
    pub at: String,
    /// Requests of the day, and in all.
    pub requests: [String; 2],
    /// Of each chain: its last entry, when the hub anchored it, which entry of the centre's judged it.
    pub chains: Vec<[String; 3]>,
    /// The register's head as known: «№ 5».
    pub register: String,
    /// What the centre did not take among its records: entry, request, what is with it.
    pub remarks: Vec<[String; 3]>,
    /// Drafts that stay: service, last change.
    pub drafts: Vec<[String; 2]>,
    /// What stands in the QR code.
    pub code: String,
}

impl ShiftSheet {
    /// The paper.
    pub fn sheet(&self) -> Sheet {
        let t = Texts::new(Lang::Uk);
        let fact = |key: &str, value: &str| (t.text(key), value.to_owned());
        let mut facts = vec![
            fact("shift-suitcase", &self.suitcase),
            fact("shift-officer", &self.officer),
            fact("shift-at", &self.at),
            fact("shift-requests", &self.requests[0]),
            fact("shift-requests-all", &self.requests[1]),
        ];
        for [last, anchored, verdict] in &self.chains {
            facts.push(fact("shift-last", last));
            facts.push(fact("shift-anchored", anchored));
            facts.push(fact("shift-verdict", verdict));
        }
        facts.push(fact("shift-register", &self.register));
        let mut blocks = vec![Block::Mark(t.text("shift-nothing-left")), Block::Facts(facts)];
        let labels = |keys: &[&str]| keys.iter().map(|key| t.text(key)).collect::<Vec<_>>();
        if !self.remarks.is_empty() {
            blocks.push(Block::Heading(t.count("shift-with-remarks", self.remarks.len())));
            let rows = self.remarks.iter().map(|row| row.to_vec()).collect();
            let labels = labels(&["shift-entry", "shift-request", "shift-why"]);
            blocks.push(Block::Table(labels, rows, t.text("shift-remarks-words")));
        }
        if !self.drafts.is_empty() {
            blocks.push(Block::Heading(t.count("shift-with-drafts", self.drafts.len())));
            let rows = self.drafts.iter().map(|row| row.to_vec()).collect();
            blocks.push(Block::Table(labels(&["shift-service", "shift-changed"]), rows, t.text("shift-drafts-words")));
        }
        let signatures = vec![(t.text("shift-signs"), self.officer.clone()), (t.text("shift-takes"), String::new())];
        blocks.push(Block::Signatures(signatures, String::new()));
        Sheet {
            kind: PaperKind::Shift,
            number: self.number.clone(),
            title: t.text("shift-title"),
            copy: String::new(),
            centre: self.centre.clone(),
            addressees: Vec::new(),
            lead: self.at.clone(),
            subtitle: String::new(),
            spoken: String::new(),
            code: Code::of(t, &self.code),
            code_note: t.text("shift-signed-by"),
            blocks,
            contact: t.text("shift-check"),
        }
        .typeset()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PaperPage;

    #[test]
    fn remarks_and_drafts_are_on_the_paper_and_nobody_is_named_but_the_officer() {
        let sheet = ShiftSheet {
            number: "7, 21.11.2026".into(),
            suitcase: "7".into(),
            officer: "Шевчук Олена Іванівна".into(),
            remarks: vec![["12".into(), "7-211126-014-К4Х".into(), "пропозиція".into()]],
            drafts: vec![["Житлова субсидія".into(), "21.11.2026 17:40".into()]],
            code: "VALIZA-E-00".into(),
            ..ShiftSheet::default()
        };
        let page = PaperPage::new(Texts::new(Lang::Uk), false, vec![sheet.sheet()]).to_string().replace('\u{a0}', " ");
        for words in ["нічого не залишилося", "1 запис", "7-211126-014-К4Х", "1 чернетка", "субсидія", "<svg"]
        {
            assert!(page.contains(words), "{words}: {page}");
        }
        let clean = ShiftSheet { remarks: Vec::new(), drafts: Vec::new(), ..sheet };
        let page = PaperPage::new(Texts::new(Lang::Uk), false, vec![clean.sheet()]).to_string();
        assert!(!page.contains("зауваженнями") && !page.contains("чернетк"));
    }
}
