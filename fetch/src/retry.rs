//! `Retry-After`: seconds, or a date.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

/// The longest wait that is believed.
const LONGEST: Duration = Duration::from_secs(7 * 24 * 3600);

/// How long a server asks to wait, from `now` on. A date that is past is no wait; what is neither seconds nor a date is
/// none.
pub fn retry_after(written: &str, now: Timestamp) -> Option<Duration> {
    let written = written.trim();
    if !written.is_empty() && written.bytes().all(|b| b.is_ascii_digit()) {
        let seconds = written.parse().unwrap_or(u64::MAX);
        return Some(Duration::from_secs(seconds).min(LONGEST));
    }
    let then = DateTimeParser::new().relaxed_weekday(true).parse_timestamp(written).ok()?;
    let wait = then.as_second() - now.as_second();
    Some(Duration::from_secs(u64::try_from(wait).unwrap_or(0)).min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates() {
        let now: Timestamp = "2016-09-29T12:00:00Z".parse().unwrap();
        let wait = |w: &str| retry_after(w, now).map(|d| d.as_secs());
        assert_eq!(wait(" 120 "), Some(120));
        assert_eq!(wait("Thu, 29 Sep 2016 12:01:30 GMT"), Some(90));
        assert_eq!(wait("Thu, 29 Sep 2016 11:00:00 GMT"), Some(0));
        assert_eq!(wait("99999999999999999999999"), Some(LONGEST.as_secs()));
        assert_eq!((wait("soon"), wait(""), wait("-5")), (None, None, None));
    }
}
