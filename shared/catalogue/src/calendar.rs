//! The working calendar of Ukraine: holidays are data, martial law makes them working days.

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

use crate::catalogue::Catalogue;
use crate::service::{Days, TermLength, Unit};
use crate::text::Text;

/// Whether public holidays are days off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Holidays {
    /// As the data say: not within a period of martial law (art. 6 of Law 2136-IX), otherwise yes.
    #[default]
    AsData,
    /// Days off.
    Off,
    /// Working days.
    Working,
}

/// What one centre does differently. Empty by default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LocalDays {
    /// Whether public holidays are days off.
    pub holidays: Holidays,
    /// Days off by a local decision.
    pub off: BTreeSet<Date>,
    /// Working days by a local decision; it wins over everything else.
    pub working: BTreeSet<Date>,
}

/// Which days are worked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkCalendar {
    pub(crate) rules: Vec<HolidayRule>,
    pub(crate) martial_law: Vec<(Date, Option<Date>)>,
    pub(crate) suspensions: Vec<Suspension>,
    pub(crate) local: LocalDays,
}

/// An act that may hold terms up, and the days it is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Suspension {
    pub from: Date,
    pub to: Option<Date>,
    pub basis: Text,
}

/// When a holiday falls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HolidayRule {
    pub name: Text,
    pub day: HolidayDay,
    pub from_year: i16,
    pub to_year: Option<i16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HolidayDay {
    Fixed { month: i8, day: i8 },
    AfterEaster { days: i32 },
}

impl WorkCalendar {
    /// The calendar that ships with the program: of [`Catalogue::embedded`].
    pub fn embedded() -> &'static WorkCalendar {
        Catalogue::embedded().calendar()
    }

    /// The same calendar with what one centre does differently.
    pub fn with_local(&self, local: LocalDays) -> WorkCalendar {
        WorkCalendar { local, ..self.clone() }
    }

    /// The public holiday on a day, whether it is worked or not.
    pub fn holiday(&self, day: Date) -> Option<&Text> {
        let rule = self.rules.iter().find(|rule| {
            rule.from_year <= day.year() && rule.to_year.is_none_or(|to| day.year() <= to) && rule.day.falls_on(day)
        });
        rule.map(|rule| &rule.name)
    }

    /// Whether martial law is in force on a day, by the data.
    pub fn martial_law(&self, day: Date) -> bool {
        self.martial_law.iter().any(|(from, to)| *from <= day && to.is_none_or(|to| day <= to))
    }

    /// The act that may hold terms up on a day, by the data.
    pub fn suspension(&self, day: Date) -> Option<&Text> {
        let holds = |one: &&Suspension| one.from <= day && one.to.is_none_or(|to| day <= to);
        self.suspensions.iter().find(holds).map(|one| &one.basis)
    }

    /// Whether the centre works on a day.
    pub fn is_working(&self, day: Date) -> bool {
        if self.local.working.contains(&day) {
            return true;
        }
        if self.local.off.contains(&day) || is_weekend(day) {
            return false;
        }
        !(self.holidays_are_off(day) && (self.holiday(day).is_some() || self.moved_from_weekend(day)))
    }

    fn holidays_are_off(&self, day: Date) -> bool {
        match self.local.holidays {
            Holidays::Off => true,
            Holidays::Working => false,
            Holidays::AsData => !self.martial_law(day),
        }
    }

    /// A holiday on a weekend moves that day off to the next working day after it (art. 67 of the Labour Code).
    /// Ten days back are enough: whatever was owed before them has been paid by a weekday since.
    fn moved_from_weekend(&self, day: Date) -> bool {
        let mut owed = 0;
        for back in (1..=10).rev() {
            let past = day.saturating_sub(back.days());
            let holiday = self.holiday(past).is_some();
            if is_weekend(past) {
                owed += i32::from(holiday);
            } else if !holiday && owed > 0 {
                owed -= 1;
            }
        }
        owed > 0
    }

    /// How many days off that are no Saturday or Sunday lie after `from` up to `to`; at most a year is looked at.
    pub(crate) fn days_off_between(&self, from: Date, to: Date) -> usize {
        let days = std::iter::successors(from.tomorrow().ok(), |day| day.tomorrow().ok()).take(366);
        days.take_while(|day| *day <= to).filter(|day| !is_weekend(*day) && !self.is_working(*day)).count()
    }

    /// The first working day after a day.
    pub fn next_working_day(&self, day: Date) -> Date {
        let mut next = day;
        while let Ok(tomorrow) = next.tomorrow() {
            next = tomorrow;
            if self.is_working(next) {
                break;
            }
        }
        next
    }

    /// The last day of a term of so many working days that begins the day after `day`. 0 is the day itself.
    pub fn add_working_days(&self, day: Date, days: u16) -> Date {
        (0..days).fold(day, |day, _| self.next_working_day(day))
    }

    /// The last day of a term of so many days that begins the day after `day`. 0 is the day itself.
    pub fn add_calendar_days(&self, day: Date, days: u16) -> Date {
        day.saturating_add(i32::from(days).days())
    }

    /// By when papers taken in on a day must be handed to the provider: not later than the next working day
    /// (art. 13 of the Law on administrative services).
    pub fn handover_due(&self, accepted_on: Date) -> Date {
        self.next_working_day(accepted_on)
    }

    /// The last day of a term that begins the day after `day`. Where the source says only «days», calendar days are
    /// counted: the date is then never later than the law allows, nor is one in hours: they count as whole working days
    /// of 24 hours, and fewer end on the day itself.
    pub fn end_of_term(&self, day: Date, term: TermLength) -> Date {
        match (term.unit, term.days) {
            (Unit::Hour, _) => self.add_working_days(day, term.value / 24),
            (Unit::Day, Days::Working) => self.add_working_days(day, term.value),
            (Unit::Day, Days::Calendar | Days::Unknown) => self.add_calendar_days(day, term.value),
            (Unit::Month, _) => day.saturating_add(Span::new().months(i32::from(term.value))),
        }
    }
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

impl HolidayDay {
    fn falls_on(self, day: Date) -> bool {
        match self {
            HolidayDay::Fixed { month, day: of_month } => day.month() == month && day.day() == of_month,
            HolidayDay::AfterEaster { days } => {
                orthodox_easter(day.year()).is_some_and(|easter| easter.saturating_add(days.days()) == day)
            }
        }
    }
}

/// Easter of the Julian computus as a day of the civil calendar (Meeus, Astronomical Algorithms, chapter 8). Both
/// calendars' distance is 13 days in 1900–2099; outside these years there is no answer.
fn orthodox_easter(year: i16) -> Option<Date> {
    if !(1900..2100).contains(&year) {
        return None;
    }
    let y = i32::from(year);
    let d = (19 * (y % 19) + 15) % 30;
    let e = (2 * (y % 4) + 4 * (y % 7) - d + 34) % 7;
    let julian = d + e + 114;
    let (month, day) = (julian / 31, julian % 31 + 1);
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Some(date.saturating_add(13.days()))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn peace() -> WorkCalendar {
        WorkCalendar::embedded().with_local(LocalDays { holidays: Holidays::Off, ..LocalDays::default() })
    }

    #[test]
    fn easter_falls_where_the_church_keeps_it() {
        let known =
            [(2022, 4, 24), (2023, 4, 16), (2024, 5, 5), (2025, 4, 20), (2026, 4, 12), (2027, 5, 2), (2030, 4, 28)];
        for (year, month, day) in known {
            assert_eq!(orthodox_easter(year), Some(date(year, month, day)));
        }
        assert_eq!(orthodox_easter(9999), None);
    }

    #[test]
    fn under_martial_law_holidays_are_worked() {
        let calendar = WorkCalendar::embedded();
        // Independence Day 2026 is a Monday.
        assert!(calendar.is_working(date(2026, 8, 24)));
        assert_eq!(calendar.holiday(date(2026, 8, 24)).unwrap().en, "Independence Day");
        assert_eq!(calendar.next_working_day(date(2026, 11, 20)), date(2026, 11, 23), "Friday to Monday");
        assert_eq!(calendar.handover_due(date(2026, 11, 21)), date(2026, 11, 23), "Saturday to Monday");
        assert_eq!(calendar.add_working_days(date(2026, 12, 24), 1), date(2026, 12, 25));
    }

    #[test]
    fn in_peace_holidays_are_off_and_move_from_weekends() {
        let calendar = peace();
        assert!(!calendar.is_working(date(2026, 8, 24)));
        // 12.04.2026 is Easter Sunday: Monday is off instead. 28.06.2026 is Constitution Day, a Sunday.
        assert_eq!(calendar.next_working_day(date(2026, 4, 10)), date(2026, 4, 14));
        assert_eq!(calendar.next_working_day(date(2026, 6, 26)), date(2026, 6, 30));
        // 08.03.2025 was a Saturday: Monday 10.03 was off instead; Tuesday was worked.
        assert!(!calendar.is_working(date(2025, 3, 10)));
        assert!(calendar.is_working(date(2025, 3, 11)));
        // Before the war: 01.01.2022 was a Saturday, Monday 03.01 off (no martial law yet, by the data alone).
        assert!(!WorkCalendar::embedded().is_working(date(2022, 1, 3)));
        assert!(WorkCalendar::embedded().is_working(date(2022, 1, 4)));
    }

    #[test]
    fn holidays_change_with_the_law() {
        let calendar = peace();
        assert!(!calendar.is_working(date(2021, 10, 14)), "Defenders' Day until 2023");
        assert!(calendar.is_working(date(2024, 10, 14)));
        assert!(!calendar.is_working(date(2024, 10, 1)));
        assert!(!calendar.is_working(date(2022, 1, 7)), "Christmas by the old style until 2023");
        assert!(calendar.is_working(date(2025, 1, 7)));
    }

    #[test]
    fn a_centre_may_decide_otherwise() {
        let local = LocalDays {
            off: BTreeSet::from([date(2026, 11, 23)]),
            working: BTreeSet::from([date(2026, 11, 28)]),
            ..LocalDays::default()
        };
        let calendar = WorkCalendar::embedded().with_local(local);
        assert_eq!(calendar.next_working_day(date(2026, 11, 20)), date(2026, 11, 24));
        assert_eq!(calendar.next_working_day(date(2026, 11, 27)), date(2026, 11, 28), "a worked Saturday");
    }

    #[test]
    fn terms_end_where_they_should() {
        let calendar = WorkCalendar::embedded();
        let end = |value, unit, days| calendar.end_of_term(date(2026, 11, 20), TermLength { value, unit, days });
        assert_eq!(end(10, Unit::Day, Days::Working), date(2026, 12, 4));
        assert_eq!(end(10, Unit::Day, Days::Calendar), date(2026, 11, 30));
        assert_eq!(end(10, Unit::Day, Days::Unknown), date(2026, 11, 30));
        assert_eq!(end(3, Unit::Month, Days::Unknown), date(2027, 2, 20));
        assert_eq!(end(24, Unit::Hour, Days::Unknown), date(2026, 11, 23));
        assert_eq!(end(0, Unit::Day, Days::Unknown), date(2026, 11, 20));
    }

    #[test]
    fn the_end_of_time_is_no_panic() {
        let calendar = WorkCalendar::embedded();
        assert_eq!(calendar.add_working_days(Date::MAX, 10), Date::MAX);
        assert_eq!(calendar.add_calendar_days(Date::MAX, u16::MAX), Date::MAX);
        assert!(calendar.handover_due(Date::MIN) > Date::MIN);
    }
}
