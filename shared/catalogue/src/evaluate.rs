//! What may be done at the resident's home, and what follows from it: the one question the pages ask.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::calendar::WorkCalendar;
use crate::catalogue::Catalogue;
use crate::condition::{Answers, Circumstances};
use crate::fees::FeeOutcome;
use crate::service::{Days, Mode, Need, NeedBlocks, NeedKind, Paper, Service, TermLength, Unit};
use crate::settlements::{Katottg, Settlements};
use crate::territories::TerritoryStatus;
use crate::text::Text;

/// The term where the law sets none: 30 calendar days from the application (Law on administrative procedure).
const DEFAULT_TERM: TermLength = TermLength { value: 30, unit: Unit::Day, days: Days::Calendar };

/// What is known when the question is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The day the application is taken, in Kyiv.
    pub date: Date,
    /// Whether a representative hands it in; `None` where it is not said yet.
    pub representative: Option<bool>,
    /// Age of the person whose matter it is, in full years.
    pub age: Option<u16>,
    /// The answers so far.
    pub answers: Answers,
    /// Where the visit is: the settlement, if it is known.
    pub place: Option<Katottg>,
    /// Whether there is a network now.
    pub network: bool,
    /// Ids of the [needs](Need) that are met here: equipment in the suitcase, authority of the officer, registers to
    /// which the officer has access (they count only while there is a network).
    pub at_hand: BTreeSet<String>,
}

impl Facts {
    /// Nothing known but the day: no network, nothing at hand, no answers.
    pub fn on(date: Date) -> Self {
        let (answers, at_hand) = (Answers::new(), BTreeSet::new());
        Self { date, representative: None, age: None, answers, place: None, network: false, at_hand }
    }
}

/// What may be done here and now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowed {
    /// The whole service.
    Complete,
    /// The application and papers may be taken in; the rest is done later.
    Intake,
    /// The resident may be helped to apply in a portal.
    OnlineAssist,
    /// Advice and a list of papers only.
    ConsultOnly,
}

impl Allowed {
    /// In words, for the page.
    pub fn words(self) -> Text {
        let (uk, en) = match self {
            Allowed::Complete => ("можна виконати тут", "can be completed here"),
            Allowed::Intake => ("прийняти заяву й документи", "take the application and papers in"),
            Allowed::OnlineAssist => ("допомогти подати онлайн", "help to apply online"),
            Allowed::ConsultOnly => ("лише консультація", "advice only"),
        };
        Text::new(uk, en)
    }
}

/// The answer to the question what may be done and what follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation<'a> {
    /// What may be done here.
    pub allowed: Allowed,
    /// Why, in sentences.
    pub reasons: Vec<Text>,
    /// What must be read before going on, and blocks nothing: hostilities at the place, a day that cannot be right.
    pub cautions: Vec<Text>,
    /// What the list of territories says of the place.
    pub territories: Vec<TerritoryStatus<'a>>,
    /// Needs of the service that are not met here.
    pub missing_needs: Vec<MissingNeed<'a>>,
    /// Every paper of the service and whether it is needed.
    pub papers: Vec<PaperNeed<'a>>,
    /// What is to be paid.
    pub fee: FeeAnswer<'a>,
    /// By when the result is planned.
    pub control_date: ControlDate,
    /// By when the papers must be with the provider: the next working day.
    pub handover_due: Date,
    /// Why then, in words.
    pub handover_why: Text,
}

/// A need that is not met here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingNeed<'a> {
    /// The need.
    pub need: &'a Need,
    /// Why, and what cannot be done without it.
    pub reason: Text,
}

/// A paper and whether it is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperNeed<'a> {
    /// The paper.
    pub paper: &'a Paper,
    /// Whether it is needed.
    pub state: PaperState,
    /// Why, in words.
    pub why: Text,
}

/// Whether a paper is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperState {
    /// It is.
    Needed,
    /// It is not, by the answers.
    NotNeeded,
    /// The officer decides by the paper's condition.
    Ask,
}

/// What is to be paid, by whom not, and to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeeAnswer<'a> {
    /// What is to be paid.
    pub outcome: FeeOutcome,
    /// Why nothing is to be paid, where the answers meet an exemption.
    pub exempt_by: Option<&'a Text>,
    /// Who does not pay, in words.
    pub exempt: Vec<&'a Text>,
    /// Of these, whom the answers neither name nor exclude: a person asks.
    pub exempt_open: Vec<&'a Text>,
    /// To whom it is paid.
    pub payee: Option<&'a Text>,
    /// A remark.
    pub note: Option<&'a Text>,
}

/// How near a planned date is to the law.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nearness {
    /// A source states the term and which days it counts.
    Stated,
    /// The source says only «days»: calendar days are counted, so that the date is not too late.
    DaysUnclear,
    /// The source gives other terms for other cases; the usual one is counted.
    Usual,
    /// No source states a term: 30 calendar days.
    Assumed,
}

/// The planned date of the result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlDate {
    /// The day.
    pub date: Date,
    /// How near it is to the law.
    pub nearness: Nearness,
    /// An act may hold the term up.
    pub may_be_suspended: bool,
    /// The act, where there is one on that day.
    pub suspension: Option<Text>,
    /// The term that was counted, in words: «10 робочих днів».
    pub basis: Text,
    /// How it was counted, in words: from which day, over which days, to which day.
    pub why: Text,
    /// The first working day after it, where the day itself is none.
    pub next_working: Option<Date>,
}

impl Catalogue {
    /// What may be done of a service under the facts, and what follows, by a calendar.
    pub fn evaluate<'a>(&'a self, service: &'a Service, facts: &Facts, calendar: &WorkCalendar) -> Evaluation<'a> {
        let given = Circumstances {
            answers: &facts.answers,
            representative: facts.representative,
            age: facts.age,
            fee_due: None,
        };
        let outcome = service.fee.on(facts.date, self.fee_bases(), &given);
        let given = Circumstances { fee_due: outcome.due(), ..given };
        let missing_needs = self.missing_needs(service, facts);
        let (allowed, reasons) = allowed_here(service, facts, &missing_needs);
        let territories = facts.place.map(|place| self.territories().on(place, facts.date)).unwrap_or_default();
        Evaluation {
            allowed,
            reasons,
            cautions: self.cautions(facts, &territories),
            territories,
            missing_needs,
            papers: service.papers.iter().map(|paper| paper_need(paper, &given)).collect(),
            fee: FeeAnswer {
                outcome,
                exempt_by: service.fee.exempt_by(&given),
                exempt: service.fee.exempt.iter().map(|one| &one.who).collect(),
                exempt_open: service.fee.exempt_open(&given),
                payee: service.fee.payee.as_deref().and_then(|id| self.payee(id)).map(|payee| &payee.name),
                note: service.fee.note.as_ref(),
            },
            control_date: control_date(service, facts.date, &given, calendar),
            handover_due: calendar.handover_due(facts.date),
            handover_why: Text::new(
                "не пізніше наступного робочого дня (ст. 13 Закону «Про адміністративні послуги»)",
                "not later than the next working day (art. 13 of the Law on administrative services)",
            ),
        }
    }

    fn cautions(&self, facts: &Facts, territories: &[TerritoryStatus<'_>]) -> Vec<Text> {
        let mut cautions: Vec<Text> = territories.iter().map(|one| self.territory_caution(one)).collect();
        if facts.date < self.release().effective_from {
            let from = day(self.release().effective_from);
            cautions.push(Text::new(
                format!("дата звернення раніша за дату дії каталогу ({from}): перевірте годинник"),
                format!("the day is before the catalogue takes effect ({from}): check the clock"),
            ));
        }
        cautions
    }

    fn territory_caution(&self, one: &TerritoryStatus<'_>) -> Text {
        let status = one.status.words();
        let days = match (one.from, one.to) {
            (Some(from), Some(to)) => format!("{}–{}", day(from), day(to)),
            (Some(from), None) => format!("{}–", day(from)),
            (None, to) => format!("–{}", to.map(day).unwrap_or_default()),
        };
        let listed = Settlements::embedded().by_code(one.listed).map(|place| place.full_name());
        let listed = listed.unwrap_or_else(|| one.listed.to_string());
        let except = one.except.map(|words| format!("; {words}")).unwrap_or_default();
        let edition = self.territories().edition();
        Text::new(
            format!(
                "місце — {} ({listed}, {days}{except}); {edition}: перевірте чинний перелік і безпеку виїзду",
                status.uk
            ),
            format!(
                "the place is {} ({listed}, {days}{except}); {edition}: check the list in force and the safety of the visit",
                status.en
            ),
        )
    }

    fn missing_needs<'a>(&'a self, service: &'a Service, facts: &Facts) -> Vec<MissingNeed<'a>> {
        let needs = service.outreach.needs.iter().filter_map(|id| self.need(id));
        needs.filter_map(|need| missing_need(need, facts)).collect()
    }
}

fn missing_need<'a>(need: &'a Need, facts: &Facts) -> Option<MissingNeed<'a>> {
    let at_hand = facts.at_hand.contains(&need.id);
    let met = match need.kind {
        NeedKind::Network => facts.network && at_hand,
        NeedKind::Equipment | NeedKind::Person => at_hand,
        // What is done afterwards matters only where the service cannot be completed without it.
        NeedKind::Afterwards => at_hand || need.blocks == NeedBlocks::Nothing,
    };
    if met {
        return None;
    }
    let Text { uk, en } = &need.name;
    let (lack_uk, lack_en) = match need.kind {
        NeedKind::Network if !facts.network => (format!("немає мережі: {uk}"), format!("no network: {en}")),
        NeedKind::Network => (format!("немає доступу: {uk}"), format!("no access: {en}")),
        _ => (format!("тут немає: {uk}"), format!("not here: {en}")),
    };
    let (then_uk, then_en) = match need.blocks {
        NeedBlocks::Nothing => ("можна доповнити пізніше", "it can be made up for later"),
        NeedBlocks::Completion => ("завершити можна лише в центрі", "it can be completed at the centre only"),
        NeedBlocks::Intake => ("прийняти заяву тут не можна", "the application cannot be taken here"),
    };
    Some(MissingNeed { need, reason: Text::new(format!("{lack_uk}; {then_uk}"), format!("{lack_en}; {then_en}")) })
}

fn allowed_here(service: &Service, facts: &Facts, missing: &[MissingNeed<'_>]) -> (Allowed, Vec<Text>) {
    let blocked = |blocks: NeedBlocks| missing.iter().filter(move |one| one.need.blocks == blocks);
    let why = |blocks: NeedBlocks| blocked(blocks).map(|one| one.reason.clone()).collect::<Vec<_>>();
    let not_even_intake = why(NeedBlocks::Intake);
    if service.outreach.mode == Mode::NotAvailable {
        let not_outside =
            Text::new("послугу надають лише на обладнаному місці", "the service is given at an equipped place only");
        return (Allowed::ConsultOnly, vec![not_outside]);
    }
    if !not_even_intake.is_empty() {
        return (Allowed::ConsultOnly, not_even_intake);
    }
    match service.outreach.mode {
        Mode::OnlineAssist if facts.network => {
            let online =
                Text::new("заяву подає сама людина в електронній формі", "the resident applies in electronic form");
            (Allowed::OnlineAssist, vec![online])
        }
        Mode::OnlineAssist | Mode::NotAvailable => {
            let offline = Text::new(
                "послуга лише електронна, а мережі немає: дайте перелік документів і домовтеся про час",
                "the service is electronic only and there is no network: give the list of papers and agree a time",
            );
            (Allowed::ConsultOnly, vec![offline])
        }
        Mode::IntakeOnly => {
            let decided = Text::new(
                "рішення приймає надавач після передачі документів",
                "the provider decides after the papers are handed over",
            );
            (Allowed::Intake, vec![decided])
        }
        Mode::CompleteOnSite => match why(NeedBlocks::Completion) {
            none if none.is_empty() => (Allowed::Complete, Vec::new()),
            lacking => (Allowed::Intake, lacking),
        },
    }
}

fn paper_need<'a>(paper: &'a Paper, given: &Circumstances<'_>) -> PaperNeed<'a> {
    let state = match &paper.when {
        None if paper.condition.is_none() => PaperState::Needed,
        None => PaperState::Ask,
        Some(when) => match when.holds(given) {
            Some(true) => PaperState::Needed,
            Some(false) => PaperState::NotNeeded,
            None => PaperState::Ask,
        },
    };
    let (uk, en) = match state {
        PaperState::Needed => ("потрібен", "needed"),
        PaperState::NotNeeded => ("не потрібен за відповідями; потрібен, якщо", "not needed by the answers; needed if"),
        PaperState::Ask => ("вирішує працівник; потрібен, якщо", "the officer decides; needed if"),
    };
    let mut why = match &paper.condition {
        None => Text::new("потрібен завжди", "always needed"),
        Some(condition) => Text::new(format!("{uk}: {}", condition.uk), format!("{en}: {}", condition.en)),
    };
    if !paper.confirmed {
        why = Text::new(format!("{}; джерелом не підтверджено", why.uk), format!("{}; no source confirms it", why.en));
    }
    PaperNeed { paper, state, why }
}

fn control_date(service: &Service, from: Date, given: &Circumstances<'_>, calendar: &WorkCalendar) -> ControlDate {
    let term = &service.term;
    let holds = term.variants.iter().find(|v| v.condition.as_ref().and_then(|c| c.holds(given)) == Some(true));
    let open = term.variants.iter().any(|v| v.condition.as_ref().is_none_or(|c| c.holds(given).is_none()));
    let (length, nearness) = match (holds, term.usual) {
        (Some(variant), _) => (variant.length, stated(variant.length)),
        (None, None) => (DEFAULT_TERM, Nearness::Assumed),
        (None, Some(length)) if open => (length, Nearness::Usual),
        (None, Some(length)) => (length, stated(length)),
    };
    let mut basis = length.words();
    if nearness == Nearness::Assumed {
        basis = Text::new(
            format!("строк послуги не встановлено в каталозі; загальний строк — {}", basis.uk),
            format!("the catalogue has no term for the service; the general one is {}", basis.en),
        );
    }
    let date = calendar.end_of_term(from, length);
    let suspension = calendar.suspension(from).filter(|_| term.may_be_suspended).cloned();
    ControlDate {
        date,
        nearness,
        may_be_suspended: suspension.is_some(),
        suspension,
        why: counted(length, holds.map(|variant| &variant.when), (from, date), calendar),
        basis,
        next_working: (!calendar.is_working(date)).then(|| calendar.next_working_day(date)),
    }
}

/// How sure a term is that a source gives: it may not say which days it counts.
fn stated(length: TermLength) -> Nearness {
    let unclear = length.days == Days::Unknown && length.unit == Unit::Day && length.value > 0;
    if unclear { Nearness::DaysUnclear } else { Nearness::Stated }
}

/// How a term was counted: «10 робочих днів від дня після 20.11.2026, без субот і неділь: 04.12.2026».
fn counted(length: TermLength, case: Option<&Text>, (from, to): (Date, Date), calendar: &WorkCalendar) -> Text {
    let words = length.words();
    let (case_uk, case_en) = case.map(|case| (format!("{}: ", case.uk), format!("{}: ", case.en))).unwrap_or_default();
    let (from_said, to_said) = (day(from), day(to));
    if length.value == 0 || (length.unit == Unit::Hour && to == from) {
        return Text::new(format!("{case_uk}{} {from_said}", words.uk), format!("{case_en}{} {from_said}", words.en));
    }
    let working = length.days == Days::Working || length.unit == Unit::Hour;
    let holidays = calendar.days_off_between(from, to);
    let (uk, en) = match (length.unit, working) {
        (Unit::Month, _) => {
            (", того самого числа або останнього дня місяця", ", the same day of the month or its last one")
        }
        (_, true) if holidays > 0 => (", без вихідних і святкових днів", ", without weekends and holidays"),
        (_, true) => (
            ", без вихідних; святкових днів серед них немає або вони робочі",
            ", without weekends; no holiday is a day off in between",
        ),
        (_, false) if length.days == Days::Unknown => {
            (", рахуємо календарні, бо джерело каже лише «днів»", ", calendar days, as the source says only “days”")
        }
        (_, false) => (", разом із вихідними", ", weekends included"),
    };
    Text::new(
        format!("{case_uk}{} від дня після {from_said}{uk}: {to_said}", words.uk),
        format!("{case_en}{} from the day after {from_said}{en}: {to_said}", words.en),
    )
}

fn day(date: Date) -> String {
    date.strftime("%d.%m.%Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_no_kind_are_never_called_stated() {
        let catalogue = Catalogue::embedded();
        let unclear = TermLength { value: 7, unit: Unit::Day, days: Days::Unknown };
        let mut service = catalogue.services().iter().find(|one| !one.term.variants.is_empty()).unwrap().clone();
        service.term.variants.truncate(1);
        let variant = &mut service.term.variants[0];
        variant.condition = Some(crate::condition::Condition::Representative);
        variant.length = unclear;
        let near = |service: &Service| {
            let facts = Facts { representative: Some(true), ..Facts::on(jiff::civil::date(2026, 11, 20)) };
            catalogue.evaluate(service, &facts, catalogue.calendar()).control_date.nearness
        };
        assert_eq!(near(&service), Nearness::DaysUnclear);
        service.term.variants[0].length.days = Days::Working;
        assert_eq!(near(&service), Nearness::Stated);
    }
}
