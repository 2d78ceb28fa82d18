//! The states of a request, after the recommended states of a case; a clerk's and an officer's actions between them.

use super::Steps;

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RequestState {
    /// Прийнято: signed at the table, опис given.
    Accepted,
    /// Зареєстровано: has its number in the centre's journal.
    Registered,
    /// У роботі: a clerk has it.
    InWork,
    /// Передано суб’єкту надання.
    HandedOver,
    /// Потребує доповнення: the applicant was asked for something.
    Asked,
    /// Доповнено: what was asked for has come.
    Supplemented,
    /// Результат готовий.
    Ready,
    /// Відмовлено, with a ground.
    Refused,
    /// Видано: the applicant has the result.
    Delivered,
    /// Відкликано by the applicant.
    Withdrawn,
    /// Повтор of another request.
    Duplicate,
}

/// What can happen to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RequestCode {
    /// Recorded and signed: the birth event.
    Accepted,
    /// The journal number was given; `about` holds it.
    Registered,
    /// A clerk took it into work.
    InWork,
    /// Passed to the provider named in `about`.
    HandedOver,
    /// The applicant is asked for what `reason` says.
    Asked,
    /// What was asked for has come.
    Supplemented,
    /// The result is ready.
    Ready,
    /// Refused; `reason` is the ground.
    Refused,
    /// Handed over to the applicant.
    Delivered,
    /// Withdrawn by the applicant.
    Withdrawn,
    /// A repeat of the request whose id is in `about`.
    Duplicate,
    /// A closed request is taken up again; `reason` says why.
    Reopened,
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The service was given.
    Granted,
    /// The service was refused.
    Refused,
}

impl RequestCode {
    /// All codes.
    pub const ALL: [Self; 12] = [
        Self::Accepted,
        Self::Registered,
        Self::InWork,
        Self::HandedOver,
        Self::Asked,
        Self::Supplemented,
        Self::Ready,
        Self::Refused,
        Self::Delivered,
        Self::Withdrawn,
        Self::Duplicate,
        Self::Reopened,
    ];

    /// The text in an event.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Registered => "registered",
            Self::InWork => "in_work",
            Self::HandedOver => "handed_over",
            Self::Asked => "asked",
            Self::Supplemented => "supplemented",
            Self::Ready => "ready",
            Self::Refused => "refused",
            Self::Delivered => "delivered",
            Self::Withdrawn => "withdrawn",
            Self::Duplicate => "duplicate",
            Self::Reopened => "reopened",
        }
    }
}

impl RequestState {
    /// All states.
    pub const ALL: [Self; 11] = [
        Self::Accepted,
        Self::Registered,
        Self::InWork,
        Self::HandedOver,
        Self::Asked,
        Self::Supplemented,
        Self::Ready,
        Self::Refused,
        Self::Delivered,
        Self::Withdrawn,
        Self::Duplicate,
    ];

    /// The name in projections and files.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Registered => "registered",
            Self::InWork => "in_work",
            Self::HandedOver => "handed_over",
            Self::Asked => "asked",
            Self::Supplemented => "supplemented",
            Self::Ready => "ready",
            Self::Refused => "refused",
            Self::Delivered => "delivered",
            Self::Withdrawn => "withdrawn",
            Self::Duplicate => "duplicate",
        }
    }

    /// From the name.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.text() == text)
    }

    /// The label on pages, Ukrainian and English.
    pub const fn label(self) -> (&'static str, &'static str) {
        match self {
            Self::Accepted => ("прийнято", "accepted"),
            Self::Registered => ("зареєстровано", "registered"),
            Self::InWork => ("у роботі", "in work"),
            Self::HandedOver => ("передано суб’єкту надання", "handed over to the provider"),
            Self::Asked => ("потребує доповнення", "needs a supplement"),
            Self::Supplemented => ("доповнено", "supplemented"),
            Self::Ready => ("результат готовий", "result ready"),
            Self::Refused => ("відмовлено", "refused"),
            Self::Delivered => ("видано", "delivered"),
            Self::Withdrawn => ("відкликано", "withdrawn"),
            Self::Duplicate => ("повтор іншого звернення", "a repeat of another request"),
        }
    }

    /// Nothing more is expected of anybody.
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::Delivered | Self::Withdrawn | Self::Duplicate)
    }

    /// The service itself was decided: field work that comes later is a proposal.
    pub const fn is_decided(self) -> bool {
        matches!(self, Self::Ready | Self::Refused | Self::Delivered | Self::Withdrawn | Self::Duplicate)
    }
}

impl Steps for RequestState {
    type Code = RequestCode;

    fn code_text(code: RequestCode) -> &'static str {
        code.text()
    }

    fn words(self) -> (&'static str, &'static str) {
        self.label()
    }

    fn code(text: &str) -> Option<RequestCode> {
        RequestCode::ALL.into_iter().find(|code| code.text() == text)
    }

    fn first(code: RequestCode) -> Option<Self> {
        (code == RequestCode::Accepted).then_some(Self::Accepted)
    }

    fn step(self, code: RequestCode) -> Option<Self> {
        use RequestCode as C;
        let open = !self.is_decided();
        match code {
            C::Accepted => None,
            // A number may be given at any time; only a fresh request changes its state by it.
            C::Registered if self == Self::Accepted => Some(Self::Registered),
            C::Registered => open.then_some(self),
            C::InWork => (open && self != Self::InWork).then_some(Self::InWork),
            C::HandedOver => (open && !matches!(self, Self::HandedOver | Self::Asked)).then_some(Self::HandedOver),
            C::Asked => (open && self != Self::Asked).then_some(Self::Asked),
            C::Supplemented => (self == Self::Asked).then_some(Self::Supplemented),
            C::Ready => (open && self != Self::Asked).then_some(Self::Ready),
            C::Refused => open.then_some(Self::Refused),
            C::Delivered => matches!(self, Self::Ready | Self::Refused).then_some(Self::Delivered),
            C::Withdrawn => open.then_some(Self::Withdrawn),
            C::Duplicate => open.then_some(Self::Duplicate),
            C::Reopened => {
                matches!(self, Self::Ready | Self::Refused | Self::Withdrawn | Self::Duplicate).then_some(Self::InWork)
            }
        }
    }

    fn suitcase_may(code: RequestCode) -> bool {
        use RequestCode as C;
        matches!(code, C::Accepted | C::Supplemented | C::Delivered | C::Withdrawn)
    }

    fn may_be_undone(code: RequestCode) -> bool {
        // A number once given is never taken back.
        code != RequestCode::Registered
    }

    fn decision_rank(code: RequestCode) -> Option<u8> {
        use RequestCode as C;
        match code {
            C::Duplicate => Some(1),
            C::Refused => Some(2),
            C::Asked => Some(3),
            C::Ready => Some(4),
            // What the applicant wants of the request goes before what the centre made of it.
            C::Withdrawn => Some(5),
            _ => None,
        }
    }
}
