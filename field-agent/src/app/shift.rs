//! «Кінець зміни»: what is left on the suitcase; once nothing is, its signed word for it.
//!
//! Nothing is written by this: the word is a paper and a line of text, no entry, so that saying it leaves nothing unsent.

use super::agent::HUB;
use super::drafts::FormDraft;
use super::exchange::ExchangeItem;
use super::export::write_new;
use super::papers::standing_alone;
use super::status::{CertificateStanding, SetAside};
use super::{Agent, AppError};
use ::papers::shift_to_text;
use chain::{DraftLeft, EndOfShift, Left, limits, nothing_left};
use clock::Time;
use pages::{Lang, PaperPage, Sheet, ShiftSheet, Texts, format};
use peer::Filter;
use records::schema::Kind;
use serde::Serialize;
use signing::Label;
use std::path::Path;

/// How the shift ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShiftEnd {
    /// Not yet: this is left.
    Left(Box<ShiftLeft>),
    /// Nothing is left.
    Over(Box<ShiftOver>),
}

/// What is left on the suitcase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShiftLeft {
    /// Own entries that only this laptop has.
    pub not_sent: u64,
    /// Own entries that the hub holds and the centre has not opened.
    pub not_opened: u64,
    /// Requests, residents, visits that these entries are about; at most 200.
    pub items: Vec<ExchangeItem>,
    /// Drafts of which nobody said that they stay.
    pub drafts: Vec<FormDraft>,
    /// What to do about it, in Ukrainian and English; never empty.
    pub todo: Vec<(String, String)>,
}

/// The suitcase's word, with what stands on the paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShiftOver {
    /// The signed statement as text.
    pub code: String,
    /// Device time, ms since 1970.
    pub at: i64,
    /// Requests made today.
    pub today: u64,
    /// Requests that this suitcase ever made.
    pub requests: u64,
    /// Number of the last own entry.
    pub last_entry: u64,
    /// When the hub anchored it, ms since 1970.
    pub anchored_at: i64,
    /// What lies at the centre and is not among its records.
    pub remarks: Vec<SetAside>,
    /// Drafts that stay by the officer's word.
    pub drafts: Vec<FormDraft>,
    #[serde(skip)]
    statement: EndOfShift,
}

/// So many items are named.
const MOST_ITEMS: usize = 200;

impl Agent {
    /// Whether the shift may end. `drafts_stay`: the officer says that the drafts remain on the suitcase.
    pub fn end_of_shift(&self, drafts_stay: bool) -> Result<ShiftEnd, AppError> {
        // What is written while this is read lies behind the end that is read last, and so is left.
        let drafts = self.drafts()?;
        let (today, requests) = self.own_requests()?;
        let (present, own) = self.peer.own_state(HUB)?;
        let closed = match nothing_left(&present, &own) {
            Ok(closed) if drafts_stay || drafts.is_empty() => closed,
            left => {
                let left = left.err().unwrap_or_default();
                let drafts = if drafts_stay { Vec::new() } else { drafts };
                return Ok(ShiftEnd::Left(Box::new(self.left(&left, drafts)?)));
            }
        };
        // A suitcase signs with the key of the chain it writes now.
        if closed.first().is_none_or(|first| first.chain != self.peer.chain()) {
            return Ok(ShiftEnd::Left(Box::new(self.left(&[Left::Nothing], Vec::new())?)));
        }
        fits_a_statement(&closed, drafts.len())?;
        let statement = self.statement_of(closed, &drafts, (today, requests))?;
        let fields = statement.fields();
        let signature = self.peer.sign(Label::EndOfShift, fields.clone())?;
        let code = shift_to_text(&EndOfShift::joined(fields, &signature));
        let first = statement.chains.first().map(|one| (one.end.seq, one.anchor.time)).unwrap_or_default();
        Ok(ShiftEnd::Over(Box::new(ShiftOver {
            code,
            at: statement.at,
            today,
            requests,
            last_entry: first.0,
            anchored_at: first.1,
            remarks: self.remarks(&statement)?,
            drafts,
            statement,
        })))
    }

    fn statement_of(
        &self,
        chains: Vec<chain::ClosedChain>,
        drafts: &[FormDraft],
        requests: (u64, u64),
    ) -> Result<EndOfShift, AppError> {
        let register = self.peer.register()?;
        let desk = register.current_desk().map(|desk| desk.register);
        let head = desk.map(|desk| (desk, register.head(desk)));
        let short = |slug: &str| slug[..slug.floor_char_boundary(64)].to_owned();
        let named = |draft: &FormDraft| DraftLeft { service: short(&draft.service), changed: draft.changed };
        Ok(EndOfShift {
            tenant: self.peer.tenant(),
            suitcase: self.suitcase_number(),
            at: self.now().0,
            officer: short(self.officer()),
            register: head.ok_or(peer::PeerError::NotCertified)?,
            requests,
            drafts: drafts.iter().map(named).collect(),
            chains,
        })
    }

    /// Requests made today and ever.
    fn own_requests(&self) -> Result<(u64, u64), AppError> {
        let own = self.peer.own_chains()?;
        let midnight = self.now().kyiv().and_then(|now| now.start_of_day().ok());
        let midnight = midnight.map(|start| start.timestamp().as_millisecond());
        Ok(self.peer.read(|view| {
            let made = Filter { kind: Some(Kind::Request), creators: own.clone(), ..Filter::default() };
            Ok((view.count(&Filter { from: midnight, ..made.clone() })?, view.count(&made)?))
        })?)
    }

    fn left(&self, left: &[Left], drafts: Vec<FormDraft>) -> Result<ShiftLeft, AppError> {
        let (mut not_sent, mut not_judged, mut todo) = (0, 0, Vec::new());
        let mut say = |uk: String, en: String| todo.push((uk, en));
        for one in left {
            match one {
                Left::NotAnchored { entries, .. } => not_sent += entries,
                Left::NotJudged { entries, .. } => not_judged += entries,
                Left::Nothing => say(
                    "валіза ще нічого не передавала центру: обміняйтеся з центром".into(),
                    "the suitcase has sent the centre nothing yet: exchange with the centre".into(),
                ),
                Left::OtherBranch { seq, .. } => say(
                    format!("центр знає інший запис № {seq}: ноутбук відновлено з копії; зателефонуйте до центру"),
                    format!(
                        "the centre knows another entry {seq}: this laptop was restored from a copy; call the centre"
                    ),
                ),
            }
        }
        let not_opened = u64::saturating_sub(not_judged, not_sent);
        if not_sent > 0 {
            say(
                format!("записів лише на цьому ноутбуці: {not_sent}. Увімкніть мережу й обміняйтеся з центром"),
                format!("entries on this laptop only: {not_sent}. Find a network and exchange with the centre"),
            );
        }
        if not_opened > 0 {
            say(
                format!(
                    "записів у дорозі, центр їх ще не відкрив: {not_opened}. Зачекайте хвилину й обміняйтеся знову"
                ),
                format!(
                    "entries on the way, not opened by the centre yet: {not_opened}. Wait a minute and exchange again"
                ),
            );
        }
        match self.standing()? {
            CertificateStanding::Revoked { .. } if not_judged > 0 => say(
                "валізу відкликано, і центр їй більше не відповідає: здайте її адміністраторові системи".into(),
                "the suitcase is revoked and the centre answers it no more: hand it to the administrator".into(),
            ),
            CertificateStanding::Expired { .. } if not_judged > 0 => say(
                "сертифікат валізи минув: центр поновить його під час обміну; якщо ні, зателефонуйте".into(),
                "the suitcase's certificate has run out: an exchange renews it; if not, call the centre".into(),
            ),
            _ => {}
        }
        if !drafts.is_empty() {
            say(
                format!("чернеток: {}. Завершіть їх, викиньте або підтвердьте, що вони залишаються", drafts.len()),
                format!("drafts: {}. Finish them, throw them away, or confirm that they stay", drafts.len()),
            );
        }
        Ok(ShiftLeft { not_sent, not_opened, items: self.exchange(0, MOST_ITEMS)?.items, drafts, todo })
    }

    /// What the centre set aside, in the words of the code that is signed.
    fn remarks(&self, statement: &EndOfShift) -> Result<Vec<SetAside>, AppError> {
        let t = Texts::new(Lang::Uk);
        Ok(self.peer.read(|view| {
            let mut all = Vec::new();
            for closed in &statement.chains {
                for (seq, code) in &closed.exceptions {
                    let record = view.record_of(closed.chain, *seq)?;
                    let row = record.map(|record| view.row(record)).transpose()?.flatten();
                    let number = row.and_then(|row| row.number).unwrap_or_default();
                    let why = t.with("shift-why-word", "code", i64::from(code.code()));
                    let erased = *code == chain::ExceptionCode::Erased;
                    all.push(SetAside { seq: *seq, number, why, erased });
                }
            }
            Ok(all)
        })?)
    }

    /// The paper.
    pub fn shift_sheet(&self, over: &ShiftOver) -> Result<Sheet, AppError> {
        let t = Texts::new(Lang::Uk);
        let statement = &over.statement;
        let name = self.officer_name(&statement.officer)?;
        let service = |slug: &str| match self.service_name(slug) {
            Some(words) => words.uk,
            None if slug.is_empty() => t.text("shift-no-service"),
            None => slug.to_owned(),
        };
        let chain = |closed: &chain::ClosedChain| {
            let short: String = closed.end.hash.to_string().chars().take(16).collect();
            let verdict = format!("№ {}", closed.verdict.1.seq);
            [format!("№ {} ({short})", closed.end.seq), format::date_time(Time(closed.anchor.time)), verdict]
        };
        let remark = |one: &SetAside| [format!("№ {}", one.seq), one.number.clone(), one.why.clone()];
        let draft = |one: &FormDraft| [service(&one.service), format::date_time(Time(one.changed))];
        let sheet = ShiftSheet {
            number: format!("{}, {}", statement.suitcase, format::date(Time(statement.at))),
            centre: self.settings()?.centre,
            suitcase: statement.suitcase.to_string(),
            officer: if name.is_empty() { statement.officer.clone() } else { name },
            at: format::date_time(Time(statement.at)),
            requests: [over.today, over.requests].map(|count| count.to_string()),
            chains: statement.chains.iter().map(chain).collect(),
            register: format!("№ {}", statement.register.1.seq),
            remarks: over.remarks.iter().map(remark).collect(),
            drafts: over.drafts.iter().map(draft).collect(),
            code: over.code.clone(),
        };
        Ok(sheet.sheet())
    }

    /// The statement as text: what it says in a few lines, then the signed line.
    pub fn shift_text(&self, over: &ShiftOver) -> String {
        let ShiftOver { at, today, requests, last_entry, anchored_at, remarks, drafts, code, .. } = over;
        let mut lines = vec![
            "Акт кінця зміни: на валізі нічого не залишилося / end of shift: nothing is left on the suitcase"
                .to_owned(),
            format!("Валіза {} · {} · {}", self.suitcase_number(), self.officer(), format::date_time(Time(*at))),
            format!("Звернень за день {today}, усього {requests} / requests of the day, in all"),
            format!(
                "Останній запис № {last_entry}, вузол обміну прийняв {} / last entry, taken by the hub",
                format::date_time(Time(*anchored_at))
            ),
        ];
        if !remarks.is_empty() {
            lines.push(format!("Прийнято із зауваженнями: {} / taken with remarks:", remarks.len()));
        }
        lines.extend(remarks.iter().map(|one| format!("  № {} {}: {}", one.seq, one.number, one.why)));
        if !drafts.is_empty() {
            lines.push(format!("Чернетки, що залишаються: {} / drafts that stay", drafts.len()));
        }
        lines.push(String::new());
        lines.push(code.clone());
        lines.join("\n") + "\n"
    }

    /// Writes the statement into a new file: the paper if it is named `.html`, else the text.
    pub fn shift_to(&self, over: &ShiftOver, path: &Path) -> Result<(), AppError> {
        let is_html = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("html"));
        if is_html {
            let page = PaperPage::new(Texts::new(Lang::Uk), false, vec![self.shift_sheet(over)?]);
            return write_new(path, standing_alone(&page).as_bytes());
        }
        write_new(path, self.shift_text(over).as_bytes())
    }
}

/// What is in the way of a statement, each with what helps.
fn fits_a_statement(closed: &[chain::ClosedChain], drafts: usize) -> Result<(), AppError> {
    if drafts > limits::SHIFT_DRAFTS {
        return Err(AppError::input(
            format!(
                "чернеток {drafts}, для одного акта забагато (до {}): спершу завершіть або викиньте зайві",
                limits::SHIFT_DRAFTS
            ),
            format!(
                "{drafts} drafts are too many for one statement (at most {}): finish or throw some away first",
                limits::SHIFT_DRAFTS
            ),
        ));
    }
    let remarks = closed.iter().map(|one| one.exceptions.len()).max().unwrap_or(0);
    if remarks > limits::VERDICT_EXCEPTIONS {
        return Err(AppError::input(
            format!("зауважень центру {remarks}, для одного акта забагато: попросіть центр розібрати відкладені зміни"),
            format!(
                "{remarks} remarks of the centre are too many for one statement: ask the centre to deal with what it set aside"
            ),
        ));
    }
    if closed.len() > limits::SHIFT_CHAINS {
        return Err(AppError::input(
            "цю валізу надто часто починали з копії, і в один акт це не вміщується: попросіть центр видати їй нове запрошення",
            "this suitcase was put back from a copy too often for one statement: ask the centre to enrol it anew",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::testing::{agent, sample_form};

    fn left(agent: &Agent, drafts_stay: bool) -> ShiftLeft {
        match agent.end_of_shift(drafts_stay).unwrap() {
            ShiftEnd::Left(left) => *left,
            ShiftEnd::Over(over) => panic!("{over:?}"),
        }
    }

    #[test]
    fn what_is_left_is_named_with_what_to_do_and_asking_writes_nothing() {
        let (bench, agent) = agent();
        let none = left(&agent, false);
        assert!(none.todo[0].0.contains("ще нічого не передавала"), "{none:?}");
        let saved = agent.save(&sample_form(), None).unwrap();
        let draft = agent.begin_service("housing-subsidy").unwrap();
        let before = agent.status().unwrap().waiting_entries;
        let shift = left(&agent, false);
        assert_eq!((shift.not_sent, shift.not_opened), (before, 0));
        assert!(shift.items.iter().any(|item| item.number == saved.number));
        assert_eq!(shift.drafts.len(), 1);
        assert_eq!(shift.drafts[0].id, draft);
        let said: Vec<&str> = shift.todo.iter().map(|(uk, _)| uk.as_str()).collect();
        assert!(said[0].contains("лише на цьому ноутбуці") && said[1].contains("чернеток: 1"), "{said:?}");
        assert!(left(&agent, true).drafts.is_empty());
        assert_eq!(agent.status().unwrap().waiting_entries, before, "asking is no entry");
        // The centre has judged it, but no hub of the community has said that it holds it.
        bench.centre.take_from(&agent.peer);
        bench.centre.give_to(&agent.peer);
        assert_eq!((left(&agent, true).not_sent, left(&agent, true).not_opened), (before, 0));
    }
}
