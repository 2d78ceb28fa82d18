//! The queue of requests: groups, filters, order, pages.

use super::traces::How;
use super::{Desk, DeskError};
use clock::Time;
use ids::RecordId;
use peer::{Filter, Order, RecordRow};
use records::state::RequestState;

/// The groups of the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Group {
    /// Everything.
    #[default]
    All,
    /// Nobody at the centre has touched it.
    New,
    /// What the clerk who asks has taken.
    Mine,
    /// To be passed to the provider today, or overdue.
    HandOverToday,
    /// To be passed to the provider, by the next working day after it was taken.
    HandOver,
    /// A clerk works on it.
    InWork,
    /// The applicant was asked for something.
    Asked,
    /// The provider has it.
    AtProvider,
    /// The result waits for the applicant.
    Decided,
    /// People wrote different things.
    Differences,
    /// Another undecided request looks the same.
    Duplicates,
    /// Nothing more is expected of anybody.
    Closed,
}

impl Group {
    /// All groups, as pages show them.
    pub const ALL: [Self; 12] = [
        Self::New,
        Self::Mine,
        Self::HandOverToday,
        Self::HandOver,
        Self::InWork,
        Self::Asked,
        Self::AtProvider,
        Self::Decided,
        Self::Differences,
        Self::Duplicates,
        Self::Closed,
        Self::All,
    ];

    /// Its name in addresses, commands and JSON.
    pub const fn text(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::New => "new",
            Self::Mine => "mine",
            Self::HandOverToday => "hand_over_today",
            Self::HandOver => "hand_over",
            Self::InWork => "in_work",
            Self::Asked => "asked",
            Self::AtProvider => "at_provider",
            Self::Decided => "decided",
            Self::Differences => "differences",
            Self::Duplicates => "duplicates",
            Self::Closed => "closed",
        }
    }

    /// Its label, Ukrainian and English.
    pub const fn label(self) -> (&'static str, &'static str) {
        match self {
            Self::All => ("Усі", "All"),
            Self::New => ("Нові", "New"),
            Self::Mine => ("Мої", "Mine"),
            Self::HandOverToday => ("Передати сьогодні", "Hand over today"),
            Self::HandOver => ("Передати до наступного робочого дня", "Hand over by the next working day"),
            Self::InWork => ("У роботі", "In work"),
            Self::Asked => ("Чекає на заявника", "Waiting for the applicant"),
            Self::AtProvider => ("У надавача", "At the provider"),
            Self::Decided => ("Готові до видачі", "Ready to be delivered"),
            Self::Differences => ("Розбіжності", "Differences"),
            Self::Duplicates => ("Дублікати", "Duplicates"),
            Self::Closed => ("Завершені", "Closed"),
        }
    }

    /// From its name.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.text() == text)
    }

    /// Do requests in this state belong to the group?
    pub(crate) fn holds(self, state: RequestState) -> bool {
        self.states().contains(&state)
    }

    fn states(self) -> &'static [RequestState] {
        use RequestState as S;
        match self {
            Self::All | Self::Differences | Self::Duplicates | Self::Mine => &[],
            Self::New => &[S::Accepted],
            Self::HandOverToday | Self::HandOver => &[S::Accepted, S::Registered, S::InWork, S::Supplemented],
            Self::InWork => &[S::Registered, S::InWork, S::Supplemented],
            Self::Asked => &[S::Asked],
            Self::AtProvider => &[S::HandedOver],
            Self::Decided => &[S::Ready, S::Refused],
            Self::Closed => &[S::Delivered, S::Withdrawn, S::Duplicate],
        }
    }
}

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum QueueOrder {
    /// The oldest first: what is due first.
    #[default]
    Due,
    /// The newest first.
    Newest,
    /// By applicant, in Ukrainian order.
    Applicant,
    /// By number on the опис.
    Number,
    /// By service.
    Service,
    /// By state.
    State,
    /// The last changed first.
    Changed,
}

impl QueueOrder {
    /// All orders.
    pub const ALL: [Self; 7] =
        [Self::Due, Self::Newest, Self::Applicant, Self::Number, Self::Service, Self::State, Self::Changed];

    /// Its name in addresses and commands.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Newest => "newest",
            Self::Applicant => "applicant",
            Self::Number => "number",
            Self::Service => "service",
            Self::State => "state",
            Self::Changed => "changed",
        }
    }

    /// From its name.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.text() == text)
    }

    const fn in_store(self) -> Order {
        match self {
            Self::Due => Order::Oldest,
            Self::Newest => Order::Newest,
            Self::Applicant => Order::Title,
            Self::Number => Order::Number,
            Self::Service => Order::Service,
            Self::State => Order::State,
            Self::Changed => Order::Changed,
        }
    }
}

/// What is asked of the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueQuery {
    /// Which group.
    pub group: Group,
    /// Only this state, by its name; empty for all of the group.
    pub state: String,
    /// Only of this service, by its slug; empty for all.
    pub service: String,
    /// Only from this suitcase.
    pub suitcase: Option<u16>,
    /// Words to find: names, numbers, places, telephone.
    pub search: String,
    /// Submitted at or after, ms since 1970.
    pub from: Option<i64>,
    /// Submitted before, ms since 1970.
    pub until: Option<i64>,
    /// Only recorded by this officer, by login; empty for all.
    pub officer: String,
    /// Only what this clerk has, by login; empty for all.
    pub holder: String,
    /// Only what nobody has; unless the group or the state says otherwise, only what can still be taken.
    pub unheld: bool,
    /// In which order.
    pub order: QueueOrder,
    /// Which page, from 1.
    pub page: usize,
    /// Rows of a page, at most 500.
    pub size: usize,
}

impl Default for QueueQuery {
    fn default() -> Self {
        Self {
            group: Group::All,
            state: String::new(),
            service: String::new(),
            suitcase: None,
            search: String::new(),
            from: None,
            until: None,
            officer: String::new(),
            holder: String::new(),
            unheld: false,
            order: QueueOrder::Due,
            page: 1,
            size: 50,
        }
    }
}

/// One request in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueRow {
    /// Number on the опис; the record's id if there is none.
    pub number: String,
    /// Number in the journal; may be empty.
    pub official: String,
    /// Where it stands, by name.
    pub state: &'static str,
    /// Where it stands, Ukrainian and English.
    pub state_label: (&'static str, &'static str),
    /// Who asks.
    pub applicant: String,
    /// The service's slug.
    pub service: String,
    /// The service's name in the catalogue, Ukrainian and English; the slug if it is not in there.
    pub service_name: (String, String),
    /// Which suitcase took it; `None` for the centre.
    pub suitcase: Option<u16>,
    /// When the applicant submitted it, ms since 1970.
    pub submitted_at: i64,
    /// «Передати до», `YYYY-MM-DD`; empty once it was passed on or decided.
    pub handover_due: String,
    /// «Передати до» is over.
    pub overdue: bool,
    /// Fields in which people differ.
    pub conflicts: u32,
    /// Late edits wait for a person.
    pub proposals: bool,
    /// Two decisions were taken without seeing each other.
    pub contested: bool,
    /// The suitcase's clock was obviously wrong.
    pub clock_wrong: bool,
    /// Login of the clerk who has it; empty for nobody.
    pub holder: String,
    /// Login of the officer who recorded it.
    pub officer: String,
    /// Nothing more is expected of anybody.
    pub closed: bool,
}

/// A page of the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuePage {
    /// Its rows.
    pub rows: Vec<QueueRow>,
    /// Rows of all pages together.
    pub total: u64,
    /// Which page, from 1.
    pub page: usize,
    /// Rows of a page.
    pub size: usize,
}

/// How many requests each group has, in the order of [`Group::ALL`], and entries set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupCounts {
    /// Of each group.
    pub groups: Vec<(Group, u64)>,
    /// Entries that wait for a person's decision.
    pub set_aside: usize,
}

impl Desk {
    /// A page of the queue. What a search finds is noted before it is shown, and so is one that finds nothing: who looks
    /// for a person by name tells something.
    pub fn queue(&self, by: &str, query: &QueueQuery) -> Result<QueuePage, DeskError> {
        let filter = self.filter(by, query)?;
        let size = query.size.clamp(1, 500);
        let page = query.page.max(1);
        let order = query.order.in_store();
        let (rows, total) = self.peer.read(|view| {
            let rows = view.list(&filter, order, (page - 1).saturating_mul(size), size)?;
            Ok((rows, view.count(&filter)?))
        })?;
        let search = query.search.trim();
        if !filter.words.is_empty() {
            let seen: Vec<RecordId> = rows.iter().map(|row| row.record).collect();
            self.note_found(by, How::Searched, &seen, search, search)?;
        }
        Ok(QueuePage { rows: self.queue_rows(rows)?, total, page, size })
    }

    /// How many requests each group has for `by`.
    pub fn counts(&self, by: &str) -> Result<GroupCounts, DeskError> {
        let mut groups = Vec::new();
        for group in Group::ALL {
            let filter = self.filter(by, &QueueQuery { group, ..QueueQuery::default() })?;
            groups.push((group, self.peer.read(|view| view.count(&filter))?));
        }
        Ok(GroupCounts { groups, set_aside: self.count_set_aside()? })
    }

    /// How many entries wait for a person's decision.
    pub fn count_set_aside(&self) -> Result<usize, DeskError> {
        let declined = self.book()?.declined.clone();
        Ok(self.peer.read(|view| {
            let open = view.exceptions(None)?.into_iter();
            Ok(open.filter(|(chain, exception)| !declined.contains(&(*chain, exception.seq))).count())
        })?)
    }

    /// Every chain of a suitcase: each time it is enrolled anew it begins another one. None if none is asked for.
    pub(crate) fn chains_of_suitcase(&self, number: Option<u16>) -> Result<Vec<ids::ChainId>, DeskError> {
        let Some(number) = number else { return Ok(Vec::new()) };
        let register = self.peer.register()?;
        let chains: Vec<_> = register.suitcases().filter(|s| s.number == number).map(|s| s.chain).collect();
        if chains.is_empty() { Err(super::suitcases::no_suitcase(number)) } else { Ok(chains) }
    }

    pub(crate) fn filter(&self, by: &str, query: &QueueQuery) -> Result<Filter, DeskError> {
        let mut states: Vec<String> = query.group.states().iter().map(|state| state.text().to_owned()).collect();
        if !query.state.is_empty() {
            let state = RequestState::from_text(&query.state).ok_or_else(|| unknown_state(&query.state))?;
            states = vec![state.text().to_owned()];
        }
        if query.unheld && states.is_empty() {
            let open = RequestState::ALL.into_iter().filter(|state| !state.is_closed());
            states = open.map(|state| state.text().to_owned()).collect();
        }
        let filled = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let holder = if query.group == Group::Mine { filled(by) } else { filled(&query.holder) };
        let accepted_before = (query.group == Group::HandOverToday).then(|| self.accepted_before()).flatten();
        Ok(Filter {
            kind: Some(records::Kind::Request),
            states,
            creators: self.chains_of_suitcase(query.suitcase)?,
            service: filled(&query.service),
            officer: filled(&query.officer),
            holder,
            unheld: query.unheld,
            differing: query.group == Group::Differences,
            alike: query.group == Group::Duplicates,
            words: records::fold::words(&query.search),
            from: query.from,
            until: [query.until, accepted_before].into_iter().flatten().min(),
            ..Filter::default()
        })
    }

    /// What was taken in before this moment has to be passed on today at the latest: midnight of the last working day
    /// up to today, since the day after acceptance counts.
    fn accepted_before(&self) -> Option<i64> {
        let mut day = self.now().kyiv()?.start_of_day().ok()?;
        // No run of days off is as long as this.
        for _ in 0..30 {
            if self.calendar().is_working(day.date()) {
                break;
            }
            day = day.yesterday().ok()?.start_of_day().ok()?;
        }
        Some(day.timestamp().as_millisecond())
    }

    /// Today in Kyiv, `YYYY-MM-DD`.
    pub(crate) fn today(&self) -> String {
        self.now().kyiv().map(|now| now.date().to_string()).unwrap_or_default()
    }

    /// «Передати до» for what was submitted then, `YYYY-MM-DD`.
    pub(crate) fn handover_due(&self, submitted_at: i64) -> String {
        let day = Time(submitted_at).kyiv().map(|submitted| self.calendar().handover_due(submitted.date()));
        day.map(|day| day.to_string()).unwrap_or_default()
    }

    /// Rows of the store as rows of the queue.
    pub(crate) fn queue_rows(&self, rows: Vec<RecordRow>) -> Result<Vec<QueueRow>, DeskError> {
        let register = self.peer.register()?;
        let today = self.today();
        Ok(rows.into_iter().map(|row| self.queue_row(row, &register, &today)).collect())
    }

    fn queue_row(&self, row: RecordRow, register: &chain::Register, today: &str) -> QueueRow {
        let state = RequestState::from_text(&row.state).unwrap_or(RequestState::Accepted);
        let waits = Group::HandOverToday.states().contains(&state);
        let handover_due = if waits { self.handover_due(row.created) } else { String::new() };
        let service_name = self.service_name(&row.service, "");
        QueueRow {
            number: row.number.unwrap_or_else(|| row.record.to_string()),
            official: row.official.unwrap_or_default(),
            state: state.text(),
            state_label: state.label(),
            applicant: row.title,
            service: row.service,
            service_name,
            suitcase: Self::number_of(register, row.creator),
            submitted_at: row.created,
            overdue: !handover_due.is_empty() && handover_due.as_str() < today,
            handover_due,
            conflicts: row.conflicts,
            proposals: row.flags & RecordRow::PROPOSALS != 0,
            contested: row.flags & RecordRow::CONTESTED != 0,
            clock_wrong: row.flags & RecordRow::CLOCK != 0,
            holder: row.holder,
            officer: row.officer,
            closed: state.is_closed(),
        }
    }
}

fn unknown_state(text: &str) -> DeskError {
    let known = RequestState::ALL.map(RequestState::text).join(", ");
    let text: String = text.chars().take(40).collect();
    DeskError::refused(
        format!("стану «{text}» немає; є такі: {known}"),
        format!("there is no state «{text}»; there are: {known}"),
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;
    use crate::app::Answer;
    use std::time::Duration;

    fn numbers(desk: &Desk, query: &QueueQuery) -> Vec<String> {
        desk.queue("admin", query).unwrap().rows.into_iter().map(|row| row.applicant).collect()
    }

    #[test]
    fn requests_are_found_by_group_word_suitcase_and_page() {
        let mut town = testing::town();
        let (seven, eight) = (town.suitcase(7), town.suitcase(8));
        let first = seven.record("Дем'яненко", "Ганна");
        town.clock.advance(Duration::from_secs(60));
        eight.record("Шевчук", "Петро");
        town.carry_up(&seven);
        town.carry_up(&eight);
        let all = QueueQuery::default();
        assert_eq!(numbers(&town.desk, &all), ["Дем'яненко Ганна", "Шевчук Петро"]);
        let searched = QueueQuery { search: "демяненко ган".into(), ..all.clone() };
        assert_eq!(numbers(&town.desk, &searched), ["Дем'яненко Ганна"]);
        // Who looked for whom is noted, found or not; a list that nobody searched is not.
        let nobody = QueueQuery { search: "Немає".into(), ..all.clone() };
        assert!(numbers(&town.desk, &nobody).is_empty());
        let seen = super::super::TraceQuery { what: "seen".into(), size: 50, ..Default::default() };
        let noted = town.desk.traces("admin", &seen).unwrap().rows;
        let about: Vec<_> = noted.iter().map(|row| (row.trace.about.as_str(), row.number.is_some())).collect();
        assert_eq!(about, [("Немає", false), ("демяненко ган", true)], "{noted:?}");
        assert_eq!(numbers(&town.desk, &QueueQuery { suitcase: Some(8), ..all.clone() }), ["Шевчук Петро"]);
        assert_eq!(numbers(&town.desk, &QueueQuery { page: 2, size: 1, ..all.clone() }), ["Шевчук Петро"]);
        town.desk.answer("admin", &first, Answer::Accept).unwrap();
        assert_eq!(numbers(&town.desk, &QueueQuery { group: Group::New, ..all.clone() }), ["Шевчук Петро"]);
        assert_eq!(numbers(&town.desk, &QueueQuery { state: "in_work".into(), ..all.clone() }), ["Дем'яненко Ганна"]);
        assert!(town.desk.queue("admin", &QueueQuery { state: "nowhere".into(), ..all.clone() }).is_err());
        assert!(town.desk.queue("admin", &QueueQuery { suitcase: Some(99), ..all }).is_err());
        let counts = town.desk.counts("admin").unwrap();
        assert!(counts.groups.contains(&(Group::New, 1)) && counts.groups.contains(&(Group::All, 2)));
    }

    #[test]
    fn papers_go_to_the_provider_on_the_next_working_day() {
        // Saturday, 2026-11-21, noon in Kyiv.
        let mut town = testing::town();
        let suitcase = town.suitcase(7);
        suitcase.record("Коваль", "Ганна");
        town.carry_up(&suitcase);
        let due = QueueQuery { group: Group::HandOverToday, ..QueueQuery::default() };
        let row = town.desk.queue("admin", &QueueQuery::default()).unwrap().rows.remove(0);
        assert_eq!((row.handover_due.as_str(), row.overdue), ("2026-11-23", false));
        assert!(numbers(&town.desk, &due).is_empty(), "taken today, due on Monday");
        town.clock.advance(Duration::from_secs(24 * 3600));
        assert!(numbers(&town.desk, &due).is_empty(), "Sunday");
        town.clock.advance(Duration::from_secs(24 * 3600));
        assert_eq!(numbers(&town.desk, &due).len(), 1, "Monday");
        town.clock.advance(Duration::from_secs(24 * 3600));
        assert!(town.desk.queue("admin", &due).unwrap().rows[0].overdue, "Tuesday");
    }
}
