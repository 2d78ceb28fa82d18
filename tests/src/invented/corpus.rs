//! Bodies exactly as they are sealed: records created and edited by the commands that officers and clerks use.

use ids::{ChainId, ReceiptNumber, RecordId};
use jiff::civil::{Date, date};
use records::body::Body;
use records::commands::{
    Act, CommandError, NewRequest, NewResident, NewVisit, RequestCommand, VisitCommand, create_request,
    create_resident, create_visit, edit_request, edit_visit,
};
use records::document::DocumentError;
use records::state::VisitState;
use records::{ChangeBytes, Document, Edit};

use super::answers::Scene;
use super::as_records::{Refers, request_fields, resident_fields, visit_fields};
use super::dice::Dice;
use super::household::{Families, Household};
use super::hromada::Hromada;
use super::pool::Pool;
use super::request::Request;

/// What a change does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// A resident's first change.
    Resident,
    /// A visit's first change.
    Visit,
    /// A request's first change.
    Request,
    /// A visit came to a state.
    Step,
    /// A note of 40 to 90 characters.
    Note,
    /// One field corrected.
    Correction,
    /// The опис was printed.
    Printed,
    /// A clerk's action.
    Clerk,
}

impl Change {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Resident,
        Self::Visit,
        Self::Request,
        Self::Step,
        Self::Note,
        Self::Correction,
        Self::Printed,
        Self::Clerk,
    ];
}

/// One body.
#[derive(Debug, Clone)]
pub struct Sample {
    /// What it does.
    pub change: Change,
    /// The bytes to seal.
    pub body: Vec<u8>,
}

/// The day of all inventions.
pub const TODAY: Date = date(2026, 11, 21);
/// Nine in the morning of that day in Kyiv, milliseconds since 1970.
const MORNING: i64 = 1_795_244_400_000;

/// The bodies that `households` visits in each of the pool's hromadas leave behind, in the order they are written.
///
/// # Panics
/// If a hromada of the pool does not exist or a command refuses what was invented: both are mistakes of this module.
pub fn corpus(pool: &'static Pool, households: usize, seed: u64) -> Vec<Sample> {
    let mut samples = Vec::new();
    for (number, name) in pool.hromadas.iter().enumerate() {
        let hromada = Hromada::named(name).unwrap_or_else(|| panic!("no hromada {name}"));
        let mut dice = Dice::new(seed.wrapping_mul(1_000) + number as u64);
        let mut families = Families::new(pool, &hromada, TODAY);
        let mut suitcase = Suitcase::new(pool, &hromada, &mut dice);
        for _ in 0..households {
            let household = families.next(&mut dice);
            let done = suitcase.visit(&household, &mut dice);
            done.unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        samples.append(&mut suitcase.samples);
    }
    samples
}

/// One suitcase, its officer, and the centre's clerk.
struct Suitcase<'a> {
    pool: &'static Pool,
    hromada: &'a Hromada,
    number: u16,
    chain: ChainId,
    desk: ChainId,
    officer: (String, String),
    clerk: String,
    at: i64,
    printed: u16,
    journal: u32,
    consent: String,
    samples: Vec<Sample>,
}

impl<'a> Suitcase<'a> {
    fn new(pool: &'static Pool, hromada: &'a Hromada, dice: &mut Dice) -> Self {
        let surname = dice.common(pool.surnames).1;
        let name = format!("{surname} {} {}", dice.common(pool.women), dice.common(pool.men).2);
        Self {
            pool,
            hromada,
            number: dice.between(1, 40) as u16,
            chain: ChainId::from_random(dice.bytes()),
            desk: ChainId::from_random(dice.bytes()),
            officer: ((*dice.pick(&["officer", "admin1", "valiza.1", "o.kovalenko"])).to_owned(), name),
            clerk: (*dice.pick(&["clerk", "clerk2", "center.1"])).to_owned(),
            at: MORNING,
            printed: 0,
            journal: 100 + dice.below(4_000) as u32,
            consent: hromada.consent(dice),
            samples: Vec::new(),
        }
    }

    /// Some minutes later.
    fn wait(&mut self, dice: &mut Dice) {
        self.at += dice.between(40_000, 900_000);
    }

    fn keep(&mut self, change: Change, officer: &str, document: &Document, bytes: ChangeBytes) {
        let body = Body::new(document, officer, self.at, bytes).encode();
        self.samples.push(Sample { change, body });
    }

    fn visit(&mut self, household: &Household, dice: &mut Dice) -> Result<(), CommandError> {
        self.wait(dice);
        let resident = RecordId::from_random(dice.bytes());
        let head = household.head();
        let officer = self.officer.clone();
        let act = Act { actor: self.chain, is_desk: false, officer: &officer.0, at: self.at, random: dice.bytes() };
        let fields = resident_fields(head, &household.address);
        let new = NewResident { officer_name: &officer.1, suitcase: Some(self.number.into()), fields: &fields };
        let (document, bytes) = create_resident(resident, &act, &new)?;
        self.keep(Change::Resident, &officer.0, &document, bytes);

        let scene = Scene { pool: self.pool, hromada: self.hromada, household, applicant: head, today: TODAY };
        let requests: Vec<Request> = (0..dice.between(1, 2)).map(|_| scene.request(dice)).collect();
        let visit = RecordId::from_random(dice.bytes());
        let services: Vec<&str> = requests.iter().map(|request| request.service.slug.as_str()).collect();
        let fields = visit_fields(household, resident, &TODAY.to_string(), &services);
        let new = NewVisit {
            number: "",
            received_at: self.at - dice.between(1, 9) * 86_400_000,
            channel: dice.common::<&str>(&["phone", "social", "starosta", "person"]),
            on_site: false,
            officer_name: &officer.1,
            suitcase: Some(self.number.into()),
            fields: &fields,
        };
        let act = Act { random: dice.bytes(), ..act };
        let (mut trip, bytes) = create_visit(visit, &act, &new)?;
        self.keep(Change::Visit, &officer.0, &trip, bytes);
        use VisitState as S;
        for to in [S::Approved, S::Scheduled, S::EnRoute, S::OnSite] {
            self.step(&mut trip, to, dice)?;
        }
        for request in &requests {
            let refers = Refers { resident, visit: Some(visit), consent_at: self.at, consent: "" };
            self.request(household, request, refers, dice)?;
        }
        self.step(&mut trip, S::Done, dice)
    }

    fn step(&mut self, trip: &mut Document, to: VisitState, dice: &mut Dice) -> Result<(), CommandError> {
        self.wait(dice);
        let officer = if to == VisitState::Approved { self.clerk.clone() } else { self.officer.0.clone() };
        let by_desk = to == VisitState::Approved;
        let actor = if by_desk { self.desk } else { self.chain };
        let act = Act { actor, is_desk: by_desk, officer: &officer, at: self.at, random: dice.bytes() };
        let command = VisitCommand::Step { to, reason: String::new(), fields: Vec::new() };
        let desk = self.desk;
        let written = edit_visit(trip, &|chain| chain == desk, &act, &command)?;
        if let Some(bytes) = written {
            self.keep(Change::Step, &officer, trip, bytes);
        }
        Ok(())
    }

    fn request(
        &mut self,
        household: &Household,
        request: &Request,
        refers: Refers<'_>,
        dice: &mut Dice,
    ) -> Result<(), CommandError> {
        self.wait(dice);
        self.printed = self.printed % 999 + 1;
        let day = (TODAY.year() as u16, TODAY.month() as u8, TODAY.day() as u8);
        let number = ReceiptNumber::new(self.number, day, self.printed, dice.bytes());
        let number = number.map_err(|error| DocumentError::WrongValue(error.to_string()))?;
        let head = household.head();
        let refers = Refers { consent_at: self.at, consent: &self.consent, ..refers };
        let fields = request_fields(request, head, &household.address, refers);
        let officer = self.officer.clone();
        let new = NewRequest {
            number,
            submitted_at: self.at,
            service: &request.service.slug,
            service_name: &request.service.name.uk,
            release: "1",
            channel: "visit",
            officer_name: &officer.1,
            suitcase: Some(self.number.into()),
            offline: true,
            fields: &fields,
        };
        let act = Act { actor: self.chain, is_desk: false, officer: &officer.0, at: self.at, random: dice.bytes() };
        let (mut document, bytes) = create_request(RecordId::from_random(dice.bytes()), &act, &new)?;
        self.keep(Change::Request, &officer.0, &document, bytes);
        self.afterwards(&mut document, household, dice)
    }

    /// What happens to a request later: prints, corrections, notes, the clerk's work.
    fn afterwards(
        &mut self,
        document: &mut Document,
        household: &Household,
        dice: &mut Dice,
    ) -> Result<(), CommandError> {
        use RequestCommand as Do;
        let pool = self.pool;
        self.run(document, Change::Printed, false, &Do::Printed, dice)?;
        if dice.percent(50) {
            let text = (*dice.pick(pool.notes)).to_owned();
            self.run(document, Change::Note, false, &Do::Note { text }, dice)?;
        }
        if dice.percent(50) {
            let fields = vec![correction(household, pool, dice)];
            let reason = (*dice.pick(pool.reasons)).to_owned();
            self.run(document, Change::Correction, false, &Do::Correct { fields, reason }, dice)?;
        }
        self.journal += 1;
        let number = format!("{}/2026", self.journal);
        let ground = (*dice.pick(pool.grounds)).to_owned();
        self.run(document, Change::Clerk, true, &Do::Register { number }, dice)?;
        self.run(document, Change::Clerk, true, &Do::Accept, dice)?;
        match dice.below(4) {
            0 => self.run(document, Change::Clerk, true, &Do::Ask { text: ground }, dice),
            1 => self.run(document, Change::Clerk, true, &Do::Refuse { ground }, dice),
            _ => {
                self.run(document, Change::Clerk, true, &Do::Ready { text: String::new() }, dice)?;
                self.run(document, Change::Clerk, false, &Do::Deliver { text: String::new() }, dice)
            }
        }
    }

    fn run(
        &mut self,
        document: &mut Document,
        change: Change,
        by_desk: bool,
        command: &RequestCommand,
        dice: &mut Dice,
    ) -> Result<(), CommandError> {
        self.wait(dice);
        let (actor, officer) =
            if by_desk { (self.desk, self.clerk.clone()) } else { (self.chain, self.officer.0.clone()) };
        let act = Act { actor, is_desk: by_desk, officer: &officer, at: self.at, random: dice.bytes() };
        let desk = self.desk;
        if let Some(bytes) = edit_request(document, &|chain| chain == desk, &act, command)? {
            self.keep(change, &officer, document, bytes);
        }
        Ok(())
    }
}

fn correction(household: &Household, pool: &Pool, dice: &mut Dice) -> Edit {
    match dice.below(4) {
        0 => Edit::new("phone", super::person::mobile(dice)),
        1 => Edit::new("pr.house", format!("{}", dice.between(1, 140))),
        2 => Edit::new("pr.street", dice.common(pool.streets).1),
        _ => Edit::new("a.last", format!("{}-{}", household.head().surname(), dice.common(pool.surnames).1)),
    }
}
