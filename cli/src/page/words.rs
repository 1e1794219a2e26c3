//! Enumerations and dates in words, for people.

use jiff::civil::Date;
use record::{Figure, IncidentType, Measure, Modality, PlaceBasis, Precision, Qualifier, Stance};

/// The JSON name of a value with blanks for underscores: `air_strike` → "air strike".
pub fn name<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name.replace('_', " "),
        _ => String::new(),
    }
}

/// "29 September 2016".
pub fn date(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// "17 September 2016" or "17 to 19 September 2016".
pub fn dates(start: Option<Date>, end: Option<Date>) -> Option<String> {
    match (start, end) {
        (Some(a), Some(b)) if a == b => Some(date(a)),
        (Some(a), Some(b)) if a.year() == b.year() && a.month() == b.month() => {
            Some(format!("{} to {}", a.day(), date(b)))
        }
        (Some(a), Some(b)) => Some(format!("{} to {}", date(a), date(b))),
        (Some(a), None) => Some(format!("from {}", date(a))),
        (None, Some(b)) => Some(format!("until {}", date(b))),
        (None, None) => None,
    }
}

/// "Air strike".
pub fn incident_type(kind: IncidentType) -> String {
    let name = match kind {
        IncidentType::MineOrIed => "mine or IED".to_owned(),
        kind => name(&kind),
    };
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// "alleged", "denied" …: how an actor is tied to an act, in the field's careful words.
pub fn stance(stance: Stance) -> &'static str {
    match stance {
        Stance::Asserts => "reported",
        Stance::Accuses => "alleged",
        Stance::Admits => "admitted",
        Stance::Denies => "denied",
        Stance::Suspects => "suspected",
        Stance::Suggests => "hinted at",
    }
}

/// What a place comes from, where the words of the act do not name it.
pub fn place_basis(basis: PlaceBasis) -> Option<&'static str> {
    match basis {
        PlaceBasis::Stated => None,
        PlaceBasis::Context => Some("named nearby"),
        PlaceBasis::Page => Some("the place the page is about"),
    }
}

/// How a thing is put, where it is not put as fact.
pub fn modality(modality: Modality) -> Option<&'static str> {
    match modality {
        Modality::Asserted => None,
        Modality::Negated => Some("said not to be so"),
        Modality::Hypothetical => Some("hypothetical"),
        Modality::Future => Some("to come"),
        Modality::Threatened => Some("threatened"),
    }
}

/// Where a place is known only roughly.
pub fn precision(precision: Option<Precision>) -> Option<&'static str> {
    match precision {
        Some(Precision::Near) => Some("near it"),
        Some(Precision::District) => Some("district"),
        Some(Precision::Province) => Some("province or region"),
        Some(Precision::Country) => Some("country only"),
        Some(Precision::Site | Precision::City) | None => None,
    }
}

/// "at least 43", "18 of 31", "an unstated number".
pub fn amount(figure: &Figure) -> String {
    let number = match (figure.qualifier, figure.low, figure.high) {
        (Qualifier::About, Some(n), _) | (Qualifier::About, None, Some(n)) => format!("about {}", grouped(n)),
        (_, Some(low), Some(high)) if low == high => grouped(low),
        (_, Some(low), Some(high)) => format!("{} to {}", grouped(low), grouped(high)),
        (Qualifier::MoreThan, Some(low), None) => format!("more than {}", grouped(low)),
        (_, Some(low), None) => format!("at least {}", grouped(low)),
        (_, None, Some(high)) => format!("up to {}", grouped(high)),
        (_, None, None) => "an unstated number of".to_owned(),
    };
    match figure.of {
        Some(of) => format!("{number} of {}", grouped(of)),
        None => number,
    }
}

/// "killed", "damaged or destroyed".
pub fn measure(measure: Measure) -> String {
    match measure {
        Measure::Other => "counted".to_owned(),
        measure => name(&measure),
    }
}

/// A number with commas between its thousands.
fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_stretches_of_days_are_short() {
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(320_000), "320,000");
        let day = |d| jiff::civil::date(2016, 9, d);
        assert_eq!(dates(Some(day(17)), Some(day(17))).as_deref(), Some("17 September 2016"));
        assert_eq!(dates(Some(day(17)), Some(day(19))).as_deref(), Some("17 to 19 September 2016"));
        assert_eq!(incident_type(IncidentType::AirStrike), "Air strike");
    }
}
