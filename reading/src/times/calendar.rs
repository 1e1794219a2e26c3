//! Stretches of the calendar and their TIMEX3 values.
//!
//! A [`Stretch`] is a day, week, month, quarter, year, decade … of the civil calendar. Arithmetic never fails: a date out
//! of jiff's range is no date.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// Units of the calendar and the clock, by length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// A second.
    Second,
    /// A minute.
    Minute,
    /// An hour.
    Hour,
    /// A day.
    Day,
    /// Saturday and Sunday.
    Weekend,
    /// Monday to Sunday (ISO 8601).
    Week,
    /// Two weeks.
    Fortnight,
    /// A month.
    Month,
    /// A quarter of a year.
    Quarter,
    /// A year.
    Year,
    /// Ten years.
    Decade,
    /// A hundred years.
    Century,
}

impl Unit {
    /// The unit called `name` in `time_words.tsv`.
    pub fn parse(name: &str) -> Option<Unit> {
        Some(match name {
            "second" => Unit::Second,
            "minute" => Unit::Minute,
            "hour" => Unit::Hour,
            "day" => Unit::Day,
            "weekend" => Unit::Weekend,
            "week" => Unit::Week,
            "fortnight" => Unit::Fortnight,
            "month" => Unit::Month,
            "quarter" => Unit::Quarter,
            "year" => Unit::Year,
            "decade" => Unit::Decade,
            "century" => Unit::Century,
            _ => return None,
        })
    }

    /// The TIMEX3 duration of `n` of it; `None` is an uncounted number ("PXD"). Halves are written in the next unit.
    pub fn period(self, n: Option<f64>) -> String {
        let Some(n) = n else {
            return match self {
                Unit::Second => "PTXS".to_owned(),
                Unit::Minute => "PTXM".to_owned(),
                Unit::Hour => "PTXH".to_owned(),
                Unit::Day => "PXD".to_owned(),
                Unit::Weekend => "PXWE".to_owned(),
                Unit::Week | Unit::Fortnight => "PXW".to_owned(),
                Unit::Month => "PXM".to_owned(),
                Unit::Quarter => "PXQ".to_owned(),
                Unit::Year => "PXY".to_owned(),
                Unit::Decade => "PXDE".to_owned(),
                Unit::Century => "PXCE".to_owned(),
            };
        };
        let whole = n.trunc();
        let rest = n - whole;
        let with = |time: &str, unit: &str, lower: &str, by: f64| {
            let low = (rest * by).round();
            match (whole > 0.0, low > 0.0) {
                (true, true) if time.is_empty() || lower != "H" => format!("P{time}{whole}{unit}{low}{lower}"),
                (true, true) => format!("P{whole}{unit}T{low}{lower}"),
                (false, true) => format!("P{}{low}{lower}", if lower == "H" { "T" } else { time }),
                _ => format!("P{time}{whole}{unit}"),
            }
        };
        match self {
            Unit::Second => format!("PT{}S", n.round()),
            Unit::Minute => with("T", "M", "S", 60.0),
            Unit::Hour => with("T", "H", "M", 60.0),
            Unit::Day if rest > 0.0 && whole > 0.0 => format!("P{whole}DT{}H", (rest * 24.0).round()),
            Unit::Day => with("", "D", "H", 24.0),
            Unit::Weekend => format!("P{}WE", n.round()),
            Unit::Week => with("", "W", "D", 7.0),
            Unit::Fortnight => format!("P{}W", (2.0 * n).round()),
            Unit::Month => with("", "M", "D", 30.0),
            Unit::Quarter => format!("P{}M", (3.0 * n).round()),
            Unit::Year => with("", "Y", "M", 12.0),
            Unit::Decade => format!("P{}Y", (10.0 * n).round()),
            Unit::Century => format!("P{}Y", (100.0 * n).round()),
        }
    }
}

/// A stretch of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// What it is.
    pub unit: Unit,
    /// Its first day.
    pub first: Date,
}

impl Stretch {
    /// The stretch of `unit` that holds `day`.
    pub fn around(unit: Unit, day: Date) -> Stretch {
        let (year, month) = (day.year(), day.month());
        let first = match unit {
            Unit::Week | Unit::Fortnight => add(day, Unit::Day, -i64::from(day.weekday().to_monday_zero_offset())),
            Unit::Weekend => add(day, Unit::Day, 5 - i64::from(day.weekday().to_monday_zero_offset())),
            Unit::Month => date(year, month, 1),
            Unit::Quarter => date(year, (month - 1) / 3 * 3 + 1, 1),
            Unit::Year => date(year, 1, 1),
            Unit::Decade => date(year - year.rem_euclid(10), 1, 1),
            Unit::Century => date(year - year.rem_euclid(100), 1, 1),
            _ => Some(day),
        };
        Stretch { unit, first: first.unwrap_or(day) }
    }

    /// The `n`th stretch after it.
    pub fn plus(self, n: i64) -> Option<Stretch> {
        let unit = if self.unit == Unit::Weekend { Unit::Week } else { self.unit };
        add(self.first, unit, n).map(|first| Stretch { first, ..self })
    }

    /// Its last day.
    pub fn last(self) -> Date {
        let next = match self.unit {
            Unit::Weekend => add(self.first, Unit::Day, 2),
            Unit::Second | Unit::Minute | Unit::Hour => return self.first,
            unit => add(self.first, unit, 1),
        };
        next.and_then(|d| add(d, Unit::Day, -1)).unwrap_or(self.first)
    }

    /// Its TIMEX3 value.
    pub fn value(self) -> String {
        let d = self.first;
        match self.unit {
            Unit::Week | Unit::Fortnight => week(d),
            Unit::Weekend => format!("{}-WE", week(d)),
            Unit::Month => format!("{:04}-{:02}", d.year(), d.month()),
            Unit::Quarter => format!("{:04}-Q{}", d.year(), (d.month() - 1) / 3 + 1),
            Unit::Year => format!("{:04}", d.year()),
            Unit::Decade => format!("{:03}X", d.year() / 10),
            Unit::Century => format!("{:02}XX", d.year() / 100),
            _ => d.to_string(),
        }
    }
}

/// `YYYY-Www` (ISO 8601).
fn week(day: Date) -> String {
    let iso = day.iso_week_date();
    format!("{:04}-W{:02}", iso.year(), iso.week())
}

/// The date, where it exists.
pub fn date(year: i16, month: i8, day: i8) -> Option<Date> {
    Date::new(year, month, day).ok()
}

/// `day` moved by `n` units; the 31st becomes the last of a shorter month.
pub fn add(day: Date, unit: Unit, n: i64) -> Option<Date> {
    if n.abs() > 30_000 {
        return None;
    }
    let span = match unit {
        Unit::Second | Unit::Minute => return Some(day),
        Unit::Hour => (n / 24).days(),
        Unit::Day => n.days(),
        Unit::Weekend | Unit::Week => n.weeks(),
        Unit::Fortnight => (2 * n).weeks(),
        Unit::Month => n.months(),
        Unit::Quarter => (3 * n).months(),
        // Beyond jiff's calendar of ±9999 years there is no date, and larger spans are refused outright.
        Unit::Year if n.abs() < 10_000 => n.years(),
        Unit::Decade if n.abs() < 1_000 => (10 * n).years(),
        Unit::Century if n.abs() < 100 => (100 * n).years(),
        _ => return None,
    };
    day.checked_add(span).ok()
}

/// The day of the week with number `n`, 1 = Monday.
pub fn weekday(n: i32) -> Option<Weekday> {
    i8::try_from(n).ok().and_then(|n| Weekday::from_monday_one_offset(n).ok())
}

/// The last `weekday` on or before `day`.
pub fn on_or_before(day: Date, weekday: Weekday) -> Date {
    let back = (day.weekday().to_monday_zero_offset() - weekday.to_monday_zero_offset()).rem_euclid(7);
    add(day, Unit::Day, -i64::from(back)).unwrap_or(day)
}

/// The first `weekday` on or after `day`.
pub fn on_or_after(day: Date, weekday: Weekday) -> Date {
    let on = (weekday.to_monday_zero_offset() - day.weekday().to_monday_zero_offset()).rem_euclid(7);
    add(day, Unit::Day, i64::from(on)).unwrap_or(day)
}

/// The day that a rule of `holidays.tsv` gives in `year`.
pub fn holiday(rule: &str, year: i16) -> Option<Date> {
    if let Some(offset) = rule.strip_prefix("easter") {
        return add(easter(year)?, Unit::Day, offset.trim_start_matches('+').parse().ok()?);
    }
    let mut parts = rule.split('-');
    let month: i8 = parts.next()?.parse().ok()?;
    let second = parts.next()?;
    if second == "tue" {
        let monday = on_or_after(date(year, month, 1)?, Weekday::Monday);
        return add(monday, Unit::Day, 1);
    }
    let n: i8 = second.parse().ok()?;
    let Some(day) = parts.next() else { return date(year, month, n) };
    let day = weekday(day.parse().ok()?)?;
    if n == 5 {
        return Some(on_or_before(date(year, month, 1)?.last_of_month(), day));
    }
    add(on_or_after(date(year, month, 1)?, day), Unit::Week, i64::from(n) - 1)
}

/// Easter Sunday of the Gregorian calendar (the anonymous Gregorian computus).
fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    date(year, month as i8, day as i8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_know_their_ends_and_values() {
        let day = date(2016, 9, 29).unwrap();
        let check = |unit, value: &str, last: &str| {
            let s = Stretch::around(unit, day);
            assert_eq!((s.value().as_str(), s.last().to_string().as_str()), (value, last));
        };
        check(Unit::Day, "2016-09-29", "2016-09-29");
        check(Unit::Week, "2016-W39", "2016-10-02");
        check(Unit::Weekend, "2016-W39-WE", "2016-10-02");
        check(Unit::Month, "2016-09", "2016-09-30");
        check(Unit::Quarter, "2016-Q3", "2016-09-30");
        check(Unit::Year, "2016", "2016-12-31");
        check(Unit::Decade, "201X", "2019-12-31");
    }

    #[test]
    fn holidays_fall_where_calendars_print_them() {
        let on = |rule, year| holiday(rule, year).map(|d| d.to_string()).unwrap_or_default();
        assert_eq!(on("easter+0", 2016), "2016-03-27");
        assert_eq!(on("easter-2", 1998), "1998-04-10");
        assert_eq!(on("11-4-4", 1989), "1989-11-23");
        assert_eq!(on("05-5-1", 2016), "2016-05-30");
        assert_eq!(on("11-tue", 2016), "2016-11-08");
        assert_eq!(on("02-30", 2016), "");
    }

    #[test]
    fn periods_are_written_as_timex3_has_them() {
        assert_eq!(Unit::Year.period(Some(2.5)), "P2Y6M");
        assert_eq!(Unit::Hour.period(Some(5.5)), "PT5H30M");
        assert_eq!(Unit::Minute.period(Some(1.0)), "PT1M");
        assert_eq!(Unit::Decade.period(Some(1.0)), "P10Y");
        assert_eq!(Unit::Day.period(None), "PXD");
        assert_eq!(Unit::Day.period(Some(1.5)), "P1DT12H");
        assert_eq!(Unit::Hour.period(Some(0.5)), "PT30M");
    }
}
