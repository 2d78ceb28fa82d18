//! The states of a visit: from the call to its outcome.

use super::Steps;

macro_rules! states {
    ($($(#[$doc:meta])* $name:ident = $text:literal),* $(,)?) => {
        /// Where a visit stands.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum VisitState { $($(#[$doc])* $name),* }

        impl VisitState {
            /// All states.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The name in events, projections and files.
            pub const fn text(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }
        }
    };
}

states! {
    /// Заявку отримано.
    Requested = "requested",
    /// Something is missing to decide about the call.
    NeedInfo = "need_info",
    /// Погоджено.
    Approved = "approved",
    /// Заплановано: has a date.
    Scheduled = "scheduled",
    /// The officers are on their way.
    EnRoute = "en_route",
    /// The officers are there.
    OnSite = "on_site",
    /// Виконано.
    Done = "done",
    /// Виконано частково.
    PartlyDone = "partly_done",
    /// Відмовлено у виїзді.
    Refused = "refused",
    /// Скасовано людиною.
    CancelledByApplicant = "cancelled_by_applicant",
    /// Скасовано ЦНАПом.
    CancelledByCnap = "cancelled_by_cnap",
    /// Перенесено: тривога, обстріл.
    PostponedSafety = "postponed_safety",
    /// Перенесено: світло, дорога.
    PostponedRoad = "postponed_road",
    /// Нікого не було вдома.
    NotAtHome = "not_at_home",
    /// Людина померла.
    ApplicantDied = "applicant_died",
}

/// What can happen to a visit: it came to the state of the same name.
pub type VisitCode = VisitState;

impl VisitState {
    /// From the name.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.text() == text)
    }

    /// The label on pages, Ukrainian and English.
    pub const fn label(self) -> (&'static str, &'static str) {
        match self {
            Self::Requested => ("заявку отримано", "requested"),
            Self::NeedInfo => ("бракує відомостей", "needs information"),
            Self::Approved => ("погоджено", "approved"),
            Self::Scheduled => ("заплановано", "scheduled"),
            Self::EnRoute => ("у дорозі", "on the way"),
            Self::OnSite => ("на місці", "on site"),
            Self::Done => ("виконано", "done"),
            Self::PartlyDone => ("виконано частково", "partly done"),
            Self::Refused => ("у виїзді відмовлено", "refused"),
            Self::CancelledByApplicant => ("скасовано людиною", "cancelled by the applicant"),
            Self::CancelledByCnap => ("скасовано ЦНАПом", "cancelled by the CNAP"),
            Self::PostponedSafety => ("перенесено через небезпеку", "postponed for safety"),
            Self::PostponedRoad => ("перенесено через світло чи дорогу", "postponed for power or road"),
            Self::NotAtHome => ("нікого не було вдома", "nobody was at home"),
            Self::ApplicantDied => ("людина померла", "the applicant died"),
        }
    }

    /// Nothing more is expected of anybody.
    pub const fn is_closed(self) -> bool {
        matches!(
            self,
            Self::Done | Self::Refused | Self::CancelledByApplicant | Self::CancelledByCnap | Self::ApplicantDied
        )
    }
}

impl Steps for VisitState {
    type Code = VisitCode;

    fn code_text(code: VisitCode) -> &'static str {
        code.text()
    }

    fn words(self) -> (&'static str, &'static str) {
        self.label()
    }

    fn code(text: &str) -> Option<VisitCode> {
        Self::from_text(text)
    }

    fn first(code: VisitCode) -> Option<Self> {
        // An officer who is already there records the call and the visit in one.
        matches!(code, Self::Requested | Self::OnSite).then_some(code)
    }

    fn step(self, code: VisitCode) -> Option<Self> {
        use VisitState as S;
        let possible = match code {
            S::Requested => false,
            S::NeedInfo => self == S::Requested,
            S::Approved => matches!(self, S::Requested | S::NeedInfo),
            S::Scheduled => matches!(
                self,
                S::Requested
                    | S::Approved
                    | S::Scheduled
                    | S::PostponedSafety
                    | S::PostponedRoad
                    | S::NotAtHome
                    | S::PartlyDone
            ),
            S::EnRoute => matches!(self, S::Approved | S::Scheduled),
            S::OnSite => matches!(self, S::Approved | S::Scheduled | S::EnRoute),
            S::Done | S::PartlyDone => matches!(self, S::OnSite | S::PartlyDone) && self != code,
            S::NotAtHome => matches!(self, S::Scheduled | S::EnRoute | S::OnSite),
            S::PostponedSafety | S::PostponedRoad => {
                matches!(self, S::Approved | S::Scheduled | S::EnRoute | S::OnSite)
            }
            S::Refused => matches!(self, S::Requested | S::NeedInfo | S::Approved),
            S::CancelledByApplicant | S::CancelledByCnap | S::ApplicantDied => !self.is_closed(),
        };
        possible.then_some(code)
    }

    fn suitcase_may(_: VisitCode) -> bool {
        true
    }

    fn may_be_undone(_: VisitCode) -> bool {
        true
    }

    fn decision_rank(code: VisitCode) -> Option<u8> {
        use VisitState as S;
        match code {
            S::Refused => Some(1),
            S::CancelledByCnap => Some(2),
            S::Approved => Some(3),
            S::CancelledByApplicant => Some(4),
            S::ApplicantDied => Some(5),
            _ => None,
        }
    }
}
