//! The day in a source's own date field.

use jiff::civil::{Date, DateTime};
use jiff::fmt::rfc2822;

/// The day that `written` names, in the source's own time zone: `2016-09-29`, RFC 3339 (`2016-09-29T23:10:00+03:00`, also
/// with a blank for the `T`, with or without zone) or RFC 2822 (`Thu, 29 Sep 2016 23:10:00 +0300`).
pub fn day(written: &str) -> Option<Date> {
    let written = written.trim();
    let plain = written.len() == 10;
    if plain {
        return written.parse().ok();
    }
    // The day where it was published, not the day in Greenwich: the zone is left aside.
    let local = written.trim_end_matches(['Z', 'z']);
    if let Ok(moment) = local.parse::<DateTime>() {
        return Some(moment.date());
    }
    rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_zoned(written).ok().map(|z| z.date())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_form_gives_the_local_day() {
        let expected = Some(jiff::civil::date(2016, 9, 29));
        for written in [
            "2016-09-29",
            " 2016-09-29\n",
            "2016-09-29T23:10:00Z",
            "2016-09-29T23:10:00+03:00",
            "2016-09-29T01:10:00.250+03:00",
            "2016-09-29 23:10:00",
            "2016-09-29T23:10",
            "Thu, 29 Sep 2016 23:10:00 +0300",
            "29 Sep 2016 23:10:00 GMT",
        ] {
            assert_eq!(day(written), expected, "{written}");
        }
    }

    #[test]
    fn what_is_no_day_gives_none() {
        for written in ["", "yesterday", "2016-13-01", "2016-09-31", "29/09/2016", "20160929T", "\u{1F4F0}\u{1F4F0}"] {
            assert_eq!(day(written), None, "{written}");
        }
    }
}
