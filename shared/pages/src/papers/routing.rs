//! «Лист проходження етапів»: the five stamps of a case, printed from its events. It stays with the case.

use super::{Block, Code, PaperKind, Sheet};
use crate::{Lang, Texts};

/// Everything that stands on the routing sheet, ready to be read. What has not happened yet is empty and is printed
/// as a line to be filled by hand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RoutingSheet {
    /// The receipt number: «7-211126-014-К4М».
    pub number: String,
    /// Number in the centre's journal.
    pub official: String,
    /// Name of the ЦНАП.
    pub centre: String,
    /// Surname, given name, patronymic of the applicant.
    pub applicant: String,
    /// The service's name with its code.
    pub service: String,
    /// Who provides the service.
    pub provider: String,
    /// Control date: «5 грудня 2026 року».
    pub due: String,
    /// What stands in the QR code; empty for no code.
    pub code: String,
    /// What is said under the code; may be empty.
    pub code_note: String,
    /// 1. The case was registered.
    pub registered: RegisteredStamp,
    /// 2. The case was handed over to the provider.
    pub handed_over: HandedOverStamp,
    /// 3. The provider considered it.
    pub considered: ConsideredStamp,
    /// 4. The outgoing package came back to the ЦНАП.
    pub returned: ReturnedStamp,
    /// 5. The applicant has the result.
    pub delivered: DeliveredStamp,
}

/// Stamp 1: «Відмітка про реєстрацію справи адміністратором».
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RegisteredStamp {
    /// «21 листопада 2026 року».
    pub date: String,
    /// Registration number.
    pub number: String,
    /// Name of the administrator.
    pub administrator: String,
}

/// Stamp 2: «Відмітка про передачу справи до суб’єкта надання».
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HandedOverStamp {
    /// When it was handed over.
    pub date: String,
    /// Term of consideration.
    pub term: String,
    /// Who took it there.
    pub person: String,
}

/// Stamp 3: «Відмітка про розгляд».
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConsideredStamp {
    /// When the executor got the case.
    pub received: String,
    /// Who executed.
    pub executor: String,
    /// Date and number of the result: «3 грудня 2026 року, № 17».
    pub decided: String,
    /// What the result is.
    pub result: String,
}

/// Stamp 4: «Відмітка про передачу вихідного пакета до ЦНАП».
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReturnedStamp {
    /// When.
    pub date: String,
    /// Name of the administrator who took it.
    pub administrator: String,
}

/// Stamp 5: «Відмітка про отримання результату».
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeliveredStamp {
    /// When.
    pub date: String,
    /// Who received the answer.
    pub person: String,
}

impl RoutingSheet {
    /// The paper.
    pub fn sheet(&self) -> Sheet {
        let t = Texts::new(Lang::Uk);
        let rows = [
            ("routing-official", &self.official),
            ("opys-applicant", &self.applicant),
            ("opys-service", &self.service),
            ("opys-provider", &self.provider),
            ("routing-due", &self.due),
        ];
        let facts = rows.map(|(key, value)| (t.text(key), value.clone())).to_vec();
        let mut blocks = vec![Block::Facts(facts)];
        blocks.extend(self.stages(t));
        Sheet {
            kind: PaperKind::Routing,
            number: self.number.clone(),
            title: t.text("routing-title"),
            copy: String::new(),
            centre: self.centre.clone(),
            addressees: Vec::new(),
            lead: t.with("routing-of", "number", &self.number),
            subtitle: String::new(),
            spoken: String::new(),
            code: Code::of(t, &self.code),
            code_note: self.code_note.clone(),
            blocks,
            contact: t.text("routing-part-of-case"),
        }
        .typeset()
    }

    fn stages(&self, t: Texts) -> [Block; 5] {
        let stage = |n: usize, lines: &[(&str, &String)], seal: bool| {
            let title = t.with(&format!("routing-stage-{n}"), "provider", t.text("routing-provider"));
            let lines = lines.iter().map(|(key, value)| (t.text(&format!("routing-{key}")), (*value).clone()));
            let seal = if seal { t.text("routing-seal") } else { String::new() };
            Block::Stage(title, lines.collect(), seal)
        };
        let (one, two, three, four, five) =
            (&self.registered, &self.handed_over, &self.considered, &self.returned, &self.delivered);
        let sign = &String::new();
        [
            stage(
                1,
                &[
                    ("date", &one.date),
                    ("number", &one.number),
                    ("administrator", &one.administrator),
                    ("signature", sign),
                ],
                true,
            ),
            stage(
                2,
                &[("date", &two.date), ("term", &two.term), ("responsible", &two.person), ("signature", sign)],
                false,
            ),
            stage(
                3,
                &[
                    ("received", &three.received),
                    ("executor", &three.executor),
                    ("decided", &three.decided),
                    ("result", &three.result),
                ],
                false,
            ),
            stage(4, &[("date", &four.date), ("administrator", &four.administrator), ("signature", sign)], true),
            stage(5, &[("date", &five.date), ("recipient", &five.person), ("signature", sign)], false),
        ]
    }
}
