//! From meaning to value: the calendar is asked here.
//!
//! Everything is counted from the day of publication, or from the time spoken of last ("two days later"). A bare weekday
//! is the last one on or before publication, unless its verb is in the future; a month and day without a year are the
//! nearest that the verb's tense allows. Without a day of publication a relative expression keeps a value with holes
//! (`XXXX-WXX-4`) and has no start and end.

use jiff::civil::Date;
use record::TimeKind;

use super::calendar::{self, Stretch, Unit};
use super::grammar::{Meaning, YearRef};

/// What an expression is resolved against.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context {
    /// Day of publication.
    pub published: Option<Date>,
    /// The stretch spoken of last, nearby.
    pub anchor: Option<Stretch>,
    /// Whether that stands in the same paragraph.
    pub near: bool,
    /// The tense around the expression: -1 past, 0 unknown, 1 likely future, 2 future.
    pub tense: i64,
}

/// A value with its stretch.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// TIMEX3 value.
    pub value: String,
    /// TIMEX3 type.
    pub kind: TimeKind,
    /// First and last day.
    pub days: Option<(Date, Date)>,
    /// What later expressions may be counted from.
    pub stretch: Option<Stretch>,
}

impl Resolved {
    fn open(value: impl Into<String>, kind: TimeKind) -> Resolved {
        Resolved { value: value.into(), kind, days: None, stretch: None }
    }

    fn of(stretch: Stretch) -> Resolved {
        Resolved {
            value: stretch.value(),
            kind: TimeKind::Date,
            days: Some((stretch.first, stretch.last())),
            stretch: Some(stretch),
        }
    }
}

/// How many times nearer a day must be that the verb's tense contradicts.
const AGAINST_TENSE: i64 = 3;

fn reference(sign: i64) -> Resolved {
    Resolved::open(
        if sign < 0 {
            "PAST_REF"
        } else if sign > 0 {
            "FUTURE_REF"
        } else {
            "PRESENT_REF"
        },
        TimeKind::Date,
    )
}

/// Resolves one expression.
pub fn resolve(meaning: &Meaning, context: &Context) -> Resolved {
    try_resolve(meaning, context).unwrap_or_else(|| hollow(meaning))
}

/// The value where there is no day to count from, or no such day.
fn hollow(meaning: &Meaning) -> Resolved {
    match meaning {
        Meaning::Fixed(value, kind) => Resolved::open(value.clone(), *kind),
        Meaning::Day { month, day, year, .. } => {
            let year = if let YearRef::Given(y) = year { format!("{y:04}") } else { "XXXX".to_owned() };
            Resolved::open(
                match day {
                    Some(day) => format!("{year}-{month:02}-{day:02}"),
                    None => format!("{year}-{month:02}"),
                },
                TimeKind::Date,
            )
        }
        Meaning::Weekday { day, .. } => Resolved::open(format!("XXXX-WXX-{day}"), TimeKind::Date),
        Meaning::Turn(_, n) | Meaning::Same(_, n) => reference(*n),
        Meaning::Run { unit, count, .. } | Meaning::Period(unit, count) => {
            Resolved::open(unit.period(*count), TimeKind::Duration)
        }
        Meaning::Shift { sign, .. } => reference(*sign),
        Meaning::Quarter(q, _) => Resolved::open(format!("XXXX-Q{q}"), TimeKind::Date),
        Meaning::HalfYear(h, _) => Resolved::open(format!("XXXX-H{h}"), TimeKind::Date),
        Meaning::LatestQuarter => Resolved::open("XXXX-QX", TimeKind::Date),
        Meaning::Season(s, _) => Resolved::open(format!("XXXX-{s}"), TimeKind::Date),
        Meaning::Part(part, of) => {
            let day = of.as_ref().map_or_else(|| "XXXX-XX-XX".to_owned(), |m| hollow(m).value);
            Resolved::open(format!("{day}T{part}"), TimeKind::Time)
        }
        Meaning::Clock(h, m, of) => {
            let day = of.as_ref().map_or_else(|| "XXXX-XX-XX".to_owned(), |m| hollow(m).value);
            Resolved::open(format!("{day}T{h:02}:{m:02}"), TimeKind::Time)
        }
        _ => Resolved::open("XXXX", TimeKind::Date),
    }
}

fn try_resolve(meaning: &Meaning, c: &Context) -> Option<Resolved> {
    Some(match meaning {
        Meaning::Fixed(value, kind) => Resolved::open(value.clone(), *kind),
        Meaning::Day { year, month, day, until, .. } => return day_of(*year, *month, *day, *until, c),
        Meaning::Year(y) => Resolved::of(Stretch { unit: Unit::Year, first: calendar::date(*y, 1, 1)? }),
        Meaning::Decade(y) => decade(*y)?,
        Meaning::DecadeName(n) => {
            let now = c.published.map_or(2000, |d| d.year());
            decade(if 2000 + n <= now && *n < 30 { 2000 + n } else { 1900 + n })?
        }
        Meaning::Century(n) => {
            let first = calendar::date((n - 1) * 100, 1, 1)?;
            let stretch = Stretch { unit: Unit::Century, first };
            Resolved { value: format!("{:02}", n - 1), stretch: None, ..Resolved::of(stretch) }
        }
        Meaning::Weekday { day, turn } => {
            let (weekday, now) = (calendar::weekday(*day)?, c.published?);
            let day = match turn {
                Some(-1) => calendar::on_or_before(calendar::add(now, Unit::Day, -1)?, weekday),
                Some(1) => calendar::on_or_after(calendar::add(now, Unit::Day, 1)?, weekday),
                Some(_) if c.tense >= 0 => calendar::on_or_after(now, weekday),
                _ => {
                    let (next, last) = (calendar::on_or_after(now, weekday), calendar::on_or_before(now, weekday));
                    // "said on Saturday that they would meet on Friday" was yesterday's meeting.
                    let far = i64::from((next - now).get_days()) > AGAINST_TENSE * i64::from((now - last).get_days());
                    if c.tense > 1 || (c.tense == 1 && !far) { next } else { last }
                }
            };
            Resolved::of(Stretch { unit: Unit::Day, first: day })
        }
        Meaning::Turn(Unit::Weekend, n) => {
            let now = c.published?;
            let this = Stretch::around(Unit::Weekend, now);
            let back = i64::from(*n == 0 && c.tense <= 0 && this.first > now);
            Resolved::of(this.plus(n - back)?)
        }
        Meaning::Turn(unit, n) => Resolved::of(Stretch::around(*unit, c.published?).plus(*n)?),
        Meaning::Same(unit, n) => {
            let from = c.anchor.map(|a| a.first).or(c.published)?;
            Resolved::of(Stretch::around(*unit, from).plus(*n)?)
        }
        Meaning::Run { unit, count, turn } => {
            let days = c.published.zip(*count).and_then(|(now, n)| {
                let there = shifted(now, *unit, n, *turn)?;
                Some((now.min(there), now.max(there)))
            });
            Resolved { days, ..Resolved::open(unit.period(*count), TimeKind::Duration) }
        }
        Meaning::Period(unit, count) => Resolved::open(unit.period(*count), TimeKind::Duration),
        Meaning::Shift { unit, count, sign, context } => return shift(*unit, *count, *sign, *context, c),
        Meaning::Quarter(q, year) => {
            let year = year_of(*year, c, |y| quarter(y, *q))?;
            Resolved::of(quarter(year, *q)?)
        }
        Meaning::HalfYear(h, year) => {
            let half =
                |y| Some(Stretch { unit: Unit::Quarter, first: calendar::date(y, if *h == 1 { 1 } else { 7 }, 1)? });
            let year = year_of(*year, c, half)?;
            let first = half(year)?.first;
            let last = half(year)?.plus(1)?.last();
            Resolved { days: Some((first, last)), ..Resolved::open(format!("{year:04}-H{h}"), TimeKind::Date) }
        }
        Meaning::LatestQuarter => match c.anchor.filter(|a| a.unit == Unit::Quarter) {
            Some(quarter) => Resolved::of(quarter),
            None => Resolved::of(Stretch::around(Unit::Quarter, c.published?).plus(-1)?),
        },
        Meaning::Season(name, year) => return season(name, *year, c),
        Meaning::Holiday(rule, year) => {
            let day = |y| Some(Stretch { unit: Unit::Day, first: calendar::holiday(rule, y)? });
            Resolved::of(day(year_of(*year, c, day)?)?)
        }
        Meaning::Part(part, of) => timed(of.as_deref(), c, &format!("T{part}"))?,
        Meaning::Clock(h, m, of) => timed(of.as_deref(), c, &format!("T{h:02}:{m:02}"))?,
    })
}

fn decade(first: i16) -> Option<Resolved> {
    let stretch = Stretch { unit: Unit::Decade, first: calendar::date(first, 1, 1)? };
    Some(Resolved { value: format!("{:03}", first / 10), ..Resolved::of(stretch) })
}

fn quarter(year: i16, q: i8) -> Option<Stretch> {
    Some(Stretch { unit: Unit::Quarter, first: calendar::date(year, q * 3 - 2, 1)? })
}

/// A time of day on the day told, or spoken of in the paragraph, or of publication.
fn timed(of: Option<&Meaning>, c: &Context, suffix: &str) -> Option<Resolved> {
    let day = match of {
        Some(day) => try_resolve(day, c)?.stretch?.first,
        None => c.anchor.filter(|a| c.near && a.unit == Unit::Day).map(|a| a.first).or(c.published)?,
    };
    let stretch = Stretch { unit: Unit::Day, first: day };
    Some(Resolved { value: format!("{day}{suffix}"), kind: TimeKind::Time, ..Resolved::of(stretch) })
}

/// A month, or a day or days of it.
fn day_of(year: YearRef, month: i8, day: Option<i8>, until: Option<i8>, c: &Context) -> Option<Resolved> {
    let unit = if day.is_some() { Unit::Day } else { Unit::Month };
    let at = |y| Some(Stretch { unit, first: calendar::date(y, month, day.unwrap_or(1))? });
    let year = year_of(year, c, at)?;
    let stretch = at(year)?;
    let mut resolved = Resolved::of(stretch);
    if let Some(last) = until.and_then(|d| calendar::date(year, month, d)) {
        resolved.value = format!("{}/{last}", stretch.first);
        resolved.days = Some((stretch.first, last));
    }
    Some(resolved)
}

/// The year of a stretch that recurs every year.
fn year_of(year: YearRef, c: &Context, at: impl Fn(i16) -> Option<Stretch>) -> Option<i16> {
    if let YearRef::Given(year) = year {
        return Some(year);
    }
    let now = c.published?;
    if let YearRef::Turn(n) = year {
        return now.year().checked_add(i16::try_from(n).ok()?);
    }
    let years = [now.year() - 1, now.year(), now.year() + 1];
    match year {
        // "last November" in November is a year ago.
        YearRef::Nearest(-1) => years.iter().rev().copied().find(|y| at(*y).is_some_and(|s| s.last() < now)),
        YearRef::Nearest(1) => years.iter().copied().find(|y| at(*y).is_some_and(|s| s.first > now)),
        _ => {
            // The nearest year, but one that the verb's tense contradicts must be much nearer: "payable December 15" in
            // November is this year's, whatever the verb.
            let cost = |y: i16| {
                let stretch = at(y)?;
                let (ahead, behind) =
                    ((stretch.first - now).get_days().max(0), (now - stretch.last()).get_days().max(0));
                let (ahead, behind) = (i64::from(ahead), i64::from(behind));
                let against = |days: i64, wrong: bool| if wrong { days * AGAINST_TENSE } else { days };
                Some(against(ahead, c.tense < 0) + against(behind, c.tense > 0))
            };
            years.iter().copied().filter_map(|y| Some((cost(y)?, y))).min().map(|(_, y)| y)
        }
    }
}

fn season(name: &str, year: YearRef, c: &Context) -> Option<Resolved> {
    let month = match name {
        "SP" => 3,
        "SU" => 6,
        "FA" => 9,
        _ => 12,
    };
    let at = |y| Some(Stretch { unit: Unit::Quarter, first: calendar::date(y, month, 1)? });
    // Seasons are told of more often than foretold.
    let c = &Context { tense: if c.tense == 0 { -1 } else { c.tense }, ..*c };
    let year = year_of(year, c, at)?;
    let first = at(year)?.first;
    let last = calendar::add(calendar::add(first, Unit::Month, 3)?, Unit::Day, -1)?;
    Some(Resolved { days: Some((first, last)), ..Resolved::open(format!("{year:04}-{name}"), TimeKind::Date) })
}

/// `day` moved by a number of units that may be broken.
fn shifted(day: Date, unit: Unit, n: f64, sign: i64) -> Option<Date> {
    let (unit, n) = match unit {
        Unit::Year if n.fract() != 0.0 => (Unit::Month, n * 12.0),
        Unit::Month | Unit::Week if n.fract() != 0.0 => (Unit::Day, n * if unit == Unit::Month { 30.0 } else { 7.0 }),
        unit => (unit, n),
    };
    (n.abs() < 30_000.0).then(|| calendar::add(day, unit, sign * n.round() as i64))?
}

fn shift(unit: Unit, count: Option<f64>, sign: i64, context: bool, c: &Context) -> Option<Resolved> {
    let Some(n) = count else { return Some(reference(sign)) };
    let quarterly = |a: &Stretch| c.near && a.unit == Unit::Quarter && unit == Unit::Year;
    let anchor = c.anchor.filter(|a| context || quarterly(a));
    let from = anchor.map(|a| a.first).or(c.published)?;
    let there = shifted(from, unit, n, sign)?;
    let grain = match unit {
        Unit::Second | Unit::Minute | Unit::Hour => Unit::Day,
        Unit::Fortnight => Unit::Week,
        unit if n.fract() != 0.0 => {
            if unit == Unit::Year {
                Unit::Month
            } else {
                Unit::Day
            }
        }
        unit => unit,
    };
    let grain = anchor.map_or(grain, |a| grain.min(a.unit));
    let resolved = Resolved::of(Stretch::around(grain, there));
    // "a year earlier" compares, "two days later" goes on.
    let moves = !(context && sign < 0);
    Some(Resolved { stretch: resolved.stretch.filter(|_| moves), ..resolved })
}
