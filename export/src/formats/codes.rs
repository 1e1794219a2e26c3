//! The field's codes: the tables of `data/export/`, read once.

use std::collections::BTreeMap;
use std::sync::OnceLock;

type Rows = BTreeMap<&'static str, Vec<&'static str>>;

/// The rows of a table by their first column.
fn rows(text: &'static str) -> Rows {
    text.lines()
        .filter(|l| !l.starts_with('#') && !l.trim().is_empty())
        .filter_map(|l| {
            let cells: Vec<&'static str> = l.split('\t').collect();
            cells.first().copied().map(|key| (key, cells))
        })
        .collect()
}

macro_rules! table {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/export/", $name))
    };
}

#[derive(Debug)]
struct Tables {
    types: Rows,
    stances: Rows,
    /// By family and status.
    statuses: BTreeMap<(&'static str, &'static str), Vec<&'static str>>,
    kinds: Rows,
    cameo: Rows,
    classes: Rows,
    words: Rows,
    vague: Rows,
    precisions: Rows,
    countries: Rows,
}

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| {
        let statuses = table!("statuses.tsv").lines().filter(|l| !l.starts_with('#'));
        let statuses = statuses.filter_map(|l| {
            let cells: Vec<&'static str> = l.split('\t').collect();
            Some(((*cells.first()?, *cells.get(1)?), cells))
        });
        Tables {
            types: rows(table!("incident_types.tsv")),
            stances: rows(table!("stances.tsv")),
            statuses: statuses.collect(),
            kinds: rows(table!("accord_kinds.tsv")),
            cameo: rows(table!("cameo.tsv")),
            classes: rows(table!("actor_classes.tsv")),
            words: rows(table!("actor_words.tsv")),
            vague: rows(table!("vague_numbers.tsv")),
            precisions: rows(table!("precisions.tsv")),
            countries: rows(table!("countries.tsv")),
        }
    })
}

/// A cell of a row that may be missing.
fn cell(row: Option<&Vec<&'static str>>, at: usize) -> &'static str {
    row.and_then(|r| r.get(at)).copied().unwrap_or_default()
}

/// The codes of an incident type.
#[derive(Debug, Clone, Copy)]
pub struct TypeCodes {
    /// ACLED's event type.
    pub acled_event: &'static str,
    /// ACLED's sub-event type.
    pub acled_sub: &'static str,
    /// ACLED's event type where civilians are struck.
    pub civilian_event: &'static str,
    /// ACLED's sub-event type then.
    pub civilian_sub: &'static str,
    /// ACLED's disorder type.
    pub disorder: &'static str,
    /// The deed in CAMEO and PLOVER.
    pub deed: DeedCodes,
}

/// A deed in CAMEO and PLOVER.
#[derive(Debug, Clone, Copy)]
pub struct DeedCodes {
    /// CAMEO.
    pub cameo: &'static str,
    /// PLOVER event type; empty where PLOVER has none.
    pub plover: &'static str,
    /// PLOVER mode.
    pub mode: &'static str,
    /// PLOVER context.
    pub context: &'static str,
}

impl DeedCodes {
    /// From four cells of a row; none where the row says that there is no event.
    fn of(row: Option<&Vec<&'static str>>, at: usize) -> Option<DeedCodes> {
        let codes = DeedCodes {
            cameo: cell(row, at),
            plover: cell(row, at + 1),
            mode: cell(row, at + 2),
            context: cell(row, at + 3),
        };
        (!codes.cameo.is_empty() && codes.cameo != "-").then_some(codes)
    }

    /// GDELT's quad class.
    pub fn quad(&self) -> &'static str {
        cell(tables().cameo.get(self.cameo), 1)
    }

    /// The Goldstein scale's value.
    pub fn goldstein(&self) -> &'static str {
        cell(tables().cameo.get(self.cameo), 2)
    }
}

/// The codes of an incident type as the ledger writes it.
pub fn incident_type(kind: &str) -> TypeCodes {
    let row = tables().types.get(kind).or_else(|| tables().types.get("other_violence"));
    let or = |a: &'static str, b: &'static str| if a.is_empty() { b } else { a };
    let (event, sub) = (cell(row, 1), cell(row, 2));
    TypeCodes {
        acled_event: event,
        acled_sub: sub,
        civilian_event: or(cell(row, 3), event),
        civilian_sub: or(cell(row, 4), sub),
        disorder: cell(row, 5),
        deed: DeedCodes::of(row, 6).unwrap_or(DeedCodes { cameo: "180", plover: "ASSAULT", mode: "", context: "" }),
    }
}

/// The deed that saying so is.
pub fn stance(stance: &str) -> Option<DeedCodes> {
    DeedCodes::of(tables().stances.get(stance), 1)
}

/// The deed that a claim about an accord's state tells of.
pub fn status(kind: &str, status: &str) -> Option<DeedCodes> {
    let family = cell(tables().kinds.get(kind), 1);
    DeedCodes::of(tables().statuses.get(&(family, status)), 2)
}

/// The codes of a class of actors.
#[derive(Debug, Clone, Copy)]
pub struct ClassCodes {
    /// ACLED's inter code at home.
    pub home: &'static str,
    /// Abroad.
    pub abroad: &'static str,
    /// PLOVER's sector.
    pub plover: &'static str,
    /// CAMEO's role.
    pub cameo: &'static str,
    /// `state`, `group`, `civilians` or nothing.
    pub side: &'static str,
}

/// The codes of a class; all empty for one that the table does not have.
pub fn class(class: &str) -> ClassCodes {
    let row = tables().classes.get(class);
    ClassCodes {
        home: cell(row, 1),
        abroad: cell(row, 2),
        plover: cell(row, 3),
        cameo: cell(row, 4),
        side: cell(row, 5),
    }
}

/// The class that the last telling word, or pair of words, of a description says.
pub fn class_in_words(description: &str) -> Option<&'static str> {
    let lower = description.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    (0..words.len()).rev().find_map(|i| {
        let pair = i.checked_sub(1).and_then(|j| Some(format!("{} {}", words.get(j)?, words.get(i)?)));
        let row = pair.and_then(|p| tables().words.get(p.as_str())).or_else(|| tables().words.get(*words.get(i)?));
        row.map(|r| cell(Some(r), 1)).filter(|c| !c.is_empty())
    })
}

/// The number that ACLED writes for words without one.
pub fn vague(words: &str) -> Option<i64> {
    let plain: String = words.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let words = format!(" {} ", plain.split_whitespace().collect::<Vec<_>>().join(" "));
    tables()
        .vague
        .iter()
        .filter(|(word, _)| words.contains(&format!(" {word} ")))
        .filter_map(|(_, row)| cell(Some(row), 1).parse().ok())
        .max()
}

/// The codes of a precision.
#[derive(Debug, Clone, Copy)]
pub struct PrecisionCodes {
    /// ACLED's geo_precision.
    pub acled: &'static str,
    /// UCDP's where_prec.
    pub ucdp: &'static str,
    /// GDELT's geo type.
    pub gdelt: &'static str,
}

/// The codes of a precision as the ledger writes it.
pub fn precision(name: &str) -> PrecisionCodes {
    let row = tables().precisions.get(name);
    PrecisionCodes { acled: cell(row, 1), ucdp: cell(row, 2), gdelt: cell(row, 3) }
}

/// A country in the field's lists.
#[derive(Debug, Clone, Copy)]
pub struct CountryCodes {
    /// Name.
    pub name: &'static str,
    /// ISO 3166-1 alpha-3.
    pub iso3: &'static str,
    /// ISO 3166-1 numeric.
    pub numeric: &'static str,
    /// FIPS 10-4.
    pub fips: &'static str,
    /// Correlates of War.
    pub cow: &'static str,
    /// Gleditsch & Ward.
    pub gw: &'static str,
    /// ACLED's region.
    pub acled: &'static str,
    /// UCDP's region.
    pub ucdp: &'static str,
}

/// The country with this ISO 3166-1 alpha-2 code.
pub fn country(code: &str) -> Option<CountryCodes> {
    let row = Some(tables().countries.get(code)?);
    Some(CountryCodes {
        name: cell(row, 1),
        iso3: cell(row, 2),
        numeric: cell(row, 3),
        fips: cell(row, 4),
        cow: cell(row, 5),
        gw: cell(row, 6),
        acled: cell(row, 7),
        ucdp: cell(row, 8),
    })
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)] // a test reads a public dictionary
mod tests {
    use super::*;
    use record::{AccordKind, IncidentType, Precision, Stance, Status};
    use serde::Serialize;

    fn name(value: impl Serialize) -> String {
        serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
    }

    /// Every value of an enumeration, from the record's JSON Schema: a new one cannot be forgotten here.
    fn values<T: serde::de::DeserializeOwned>(enumeration: &str) -> Vec<T> {
        let schema = record::schema();
        let listed = &schema["$defs"][enumeration];
        let plain = listed["enum"].as_array().cloned().unwrap_or_default();
        let described = listed["oneOf"].as_array().cloned().unwrap_or_default();
        let described = described.into_iter().flat_map(|o| match (&o["const"], o["enum"].as_array()) {
            (serde_json::Value::Null, Some(many)) => many.clone(),
            (one, _) => vec![one.clone()],
        });
        let all: Vec<serde_json::Value> = plain.into_iter().chain(described).collect();
        assert!(all.len() > 2, "{enumeration} has no values in the schema");
        all.into_iter().map(|v| serde_json::from_value(v).unwrap()).collect()
    }

    #[test]
    fn every_type_stance_status_kind_and_precision_has_a_row() {
        for kind in values::<IncidentType>("IncidentType") {
            assert!(tables().types.contains_key(name(kind).as_str()), "{kind:?} is not in incident_types.tsv");
        }
        for stance in values::<Stance>("Stance") {
            let row = tables().stances.get(name(stance).as_str()).unwrap_or_else(|| panic!("{stance:?}"));
            assert!(row[1] != "-" || !row[5].is_empty(), "{stance:?} has neither code nor reason");
        }
        for kind in values::<AccordKind>("AccordKind") {
            let family = cell(tables().kinds.get(name(kind).as_str()), 1);
            for status in values::<Status>("Status") {
                let status = name(status);
                let row = tables().statuses.get(&(family, status.as_str()));
                let row = row.unwrap_or_else(|| panic!("{kind:?} {status} is not in statuses.tsv"));
                assert!(row[2] != "-" || !row[6].is_empty(), "{kind:?} {status} has neither code nor reason");
            }
        }
        for precision in values::<Precision>("Precision") {
            assert!(tables().precisions.contains_key(name(precision).as_str()), "{precision:?}");
        }
    }

    #[test]
    fn every_code_is_explained_and_every_table_is_sorted_and_even() {
        let t = tables();
        let used = t.types.values().map(|r| r[6]).chain(t.stances.values().map(|r| r[1]));
        for code in used.chain(t.statuses.values().map(|r| r[2])).filter(|c| *c != "-") {
            let row = t.cameo.get(code).unwrap_or_else(|| panic!("{code} is not in cameo.tsv"));
            let quad = match &code[..2] {
                "01" | "02" | "03" | "04" | "05" => "1",
                "06" | "07" | "08" => "2",
                "09" | "10" | "11" | "12" | "13" => "3",
                _ => "4",
            };
            assert_eq!(row[1], quad, "{code}");
            assert!(row[2].parse::<f64>().is_ok());
        }
        for row in t.words.values() {
            assert!(row[1] == "people" || t.classes.contains_key(row[1]), "{row:?}");
        }
        for text in [
            table!("incident_types.tsv"),
            table!("stances.tsv"),
            table!("statuses.tsv"),
            table!("accord_kinds.tsv"),
            table!("cameo.tsv"),
            table!("actor_classes.tsv"),
            table!("actor_words.tsv"),
            table!("vague_numbers.tsv"),
            table!("precisions.tsv"),
            table!("countries.tsv"),
        ] {
            let lines: Vec<&str> = text.lines().filter(|l| !l.starts_with('#')).collect();
            assert!(lines.is_sorted(), "{}", lines[0]);
            let columns = lines[0].split('\t').count();
            assert!(lines.iter().all(|l| l.split('\t').count() == columns), "{}", lines[0]);
        }
    }

    /// The codes as another event coder uses them: each is the code of some pattern of PETRARCH-2's verb dictionary.
    #[test]
    fn every_cameo_code_is_one_that_another_coder_gives() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../shared/corpora/petrarch2/petrarch2/data/dictionaries/CAMEO.2.0.txt"
        );
        let Ok(dictionary) = std::fs::read(path) else {
            eprintln!("skipped: {path} is not here");
            return;
        };
        let dictionary = String::from_utf8_lossy(&dictionary);
        let patterns = dictionary.split('[').skip(1).filter_map(|p| p.split_once(']')).flat_map(|p| p.0.split(':'));
        let given: std::collections::BTreeSet<&str> = patterns.map(str::trim).collect();
        let missing: Vec<&str> = tables().cameo.keys().copied().filter(|code| !given.contains(code)).collect();
        assert_eq!(missing, ["1833", "2041"], "the table's header names the codes without a pattern");
        // A claim and a denial of responsibility, and a ceasefire refused, in the dictionary's own patterns.
        for (pattern, code) in
            [("* RESPONSIBILITY ", "015"), ("* ACCUSATIONS ", "016"), ("CALLS (FOR &CEASEFIRE) ", "1246")]
        {
            let line = dictionary.lines().find(|l| l.contains(pattern)).unwrap_or_default();
            assert!(line.contains(&format!("[{code}]")), "{line}");
        }
    }

    #[test]
    fn every_country_of_the_atlas_has_codes() {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/atlas/countries.tsv"));
        for code in text.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split('\t').next()) {
            assert!(country(code).is_some_and(|c| c.iso3.len() == 3), "{code}");
        }
        let syria = country("SY").unwrap();
        assert_eq!((syria.numeric, syria.cow, syria.gw, syria.acled), ("760", "652", "652", "Middle East"));
    }

    #[test]
    fn words_tell_classes_and_numbers() {
        assert_eq!(class_in_words("Russian aircraft"), Some("military"));
        assert_eq!(class_in_words("Syrian security forces"), Some("police"));
        assert_eq!(class_in_words("aid workers"), Some("civilian"));
        assert_eq!(class_in_words("the sea"), None);
        assert_eq!(
            (vague("Dozens of people"), vague("dozens, perhaps hundreds killed"), vague("nobody")),
            (Some(12), Some(100), None)
        );
    }
}
