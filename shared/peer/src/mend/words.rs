//! What a repair says to the person in front of it.

use super::{Loss, LostRecord, Mended};

impl Loss {
    /// What it means and what to do.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Gone => {
                "немає ніде: внесіть ще раз з паперів під новим номером / nowhere: record it again from the papers, under a new number"
            }
            Self::Partly => {
                "останньої зміни немає: перевірте і внесіть її ще раз / the last change is gone: look and make it again"
            }
            Self::Awaited => {
                "тимчасово не показується, повернеться з центру / not shown for now, comes back from the centre"
            }
        }
    }
}

impl LostRecord {
    /// The number on paper and who it is about.
    pub fn name(&self) -> String {
        let parts = [self.number.as_deref().unwrap_or_default(), &self.title];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

impl Mended {
    /// All of it, a sentence a line, Ukrainian and English.
    pub fn lines(&self) -> Vec<String> {
        if self.faults.is_empty() {
            return vec!["Пошкоджень немає, нічого не змінено / nothing is damaged, nothing was changed".into()];
        }
        let mut lines: Vec<String> = self.faults.iter().map(|fault| format!("Виявлено / found: {fault}")).collect();
        lines.push(format!(
            "Прочитано і перевірено записів: {}, відкинуто пошкоджених: {} / entries read and checked, damaged ones left out",
            self.entries, self.refused
        ));
        if !self.tables.is_empty() {
            let tables = self.tables.join(", ");
            lines.push(format!("Прочитано не все в таблицях / not all was read of the tables: {tables}"));
        }
        self.about_entries(&mut lines);
        lines.extend(self.records.iter().map(|record| format!("{}: {}", record.name(), record.loss.words())));
        if !self.numbers.is_empty() {
            lines.push(format!(
                "Номери описів, про які тут нічого не прочитано: {}. Вони лишаються зайнятими: звірте з паперами; за яким нічого немає — анулюйте (void-number) / receipt numbers about which nothing was read: they stay used; compare with the papers, and void what was not used",
                self.numbers.join(", ")
            ));
        }
        lines.push(match &self.aside {
            Some(name) => format!(
                "Пошкоджену базу даних збережено в папці як {name}: приберіть її, коли все звірите / the damaged database is kept in the folder as {name}: remove it when you have compared everything"
            ),
            None => "Нічого не змінено: без --list буде зроблено саме це / nothing was changed: without --list this is what will be done".into(),
        });
        lines
    }

    fn about_entries(&self, lines: &mut Vec<String>) {
        if self.wanted > 0 {
            let when = if self.reborn {
                "повернуться, коли центр підтвердить валізу / come back when the centre has confirmed the suitcase"
            } else {
                "прийдуть з наступним обміном / come with the next exchange"
            };
            lines.push(format!(
                "Не прочитано, але є в центрі, записів / not read, held by the centre: {}: {when}",
                self.wanted
            ));
        }
        if self.lost > 0 {
            lines.push(format!(
                "Не прочитано і ще ні в кого немає, записів: {} / not read, and nobody else had them",
                self.lost
            ));
        }
        if self.unknown {
            lines.push("Скільки записано останнім часом, не прочитати: звірте всі папери, видані після останнього обміну, з центром / how much was recorded last cannot be read: compare all papers given out since the last exchange with the centre".into());
        }
        if self.reborn {
            lines.push("Валіза працює далі під новим ланцюгом: записуйте, а після обміну попросіть адміністратора підтвердити її на сторінці «Валізи» / the suitcase goes on under a new chain: go on recording, and after an exchange ask an administrator to confirm it on the page «Suitcases»".into());
        }
    }
}
