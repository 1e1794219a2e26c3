//! `cargo xtask atlas --data DIR`: makes `models/gazetteer-1.bin` from GeoNames' cities500, divisions and countries.
//!
//! The same input gives the same file, byte for byte. The form of the file is described in `atlas/src/gazetteer.rs`.
//! Names that cannot stand in English text (other scripts, airport codes) are left out, and so are the foreign names
//! of small places in countries that write Latin letters: they would only be confused with other places.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use ::atlas::gazetteer::{KINDS, MAGIC, PER_DEGREE, RECORD, WHEREABOUTS};
use ::atlas::{PlaceKind, fold, sound};
use anyhow::{Context, Result, ensure};
use sha2::Digest;

/// Where GeoNames lies.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder with `cities500/`, `admin/`, `tools/` and `countries.json`
    #[arg(long, value_name = "DIR", default_value = "../shared/corpora/gazetteer")]
    data: PathBuf,
}

/// Inhabitants from which a place keeps its foreign names where Latin letters are written.
const KEEPS_FOREIGN_NAMES: u32 = 100_000;

/// A place to be written.
struct Entry {
    id: u32,
    name: String,
    names: BTreeSet<String>,
    kind: PlaceKind,
    country: u8,
    admin1: u16,
    admin2: u16,
    lat: f64,
    lon: f64,
    population: u32,
    /// Its names came over from another script.
    transliterated: bool,
}

/// Builds and writes the file.
pub fn run(args: &Args) -> Result<()> {
    let file = build(&args.data)?;
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../models/gazetteer-1.bin"));
    std::fs::write(&path, &file).with_context(|| format!("writing {}", path.display()))?;
    println!("models/gazetteer-1.bin: {} bytes, sha256 {:x}", file.len(), sha2::Sha256::digest(&file));
    Ok(())
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("reading {} (see --data)", path.display()))
}

fn build(data: &Path) -> Result<Vec<u8>> {
    let countries: serde_json::Value = serde_json::from_str(&read(&data.join("countries.json"))?)?;
    let countries = countries.as_object().context("countries.json is an object")?;
    let mut codes: BTreeSet<String> = countries.keys().cloned().collect();
    codes.insert("XK".to_owned());
    let numbers: HashMap<&str, u8> = codes.iter().zip(0u8..).map(|(c, n)| (c.as_str(), n)).collect();
    let transliterates = |code: &str| {
        let languages = countries.get(code).and_then(|c| c["languages"].as_str()).unwrap_or("");
        let first = languages.split([',', '-']).next().unwrap_or("");
        !LATIN_LETTERS.contains(&first)
    };
    let words: Vec<String> = read(&PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/atlas/divisions.tsv")))?
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
        .map(|l| format!(" {l}"))
        .collect();

    // Divisions: names and ids are given, a point is not; it is the middle of their places.
    let mut entries: Vec<Entry> = Vec::new();
    let mut division: [HashMap<String, u16>; 2] = [HashMap::new(), HashMap::new()];
    for (level, file) in ["admin1CodesASCII.txt", "admin2Codes.txt"].into_iter().enumerate() {
        let kind = [PlaceKind::Admin1, PlaceKind::Admin2][level];
        let text = read(&data.join("tools/data").join(file))?;
        let mut lines: Vec<Vec<&str>> =
            text.lines().map(|l| l.split('\t').collect()).filter(|c: &Vec<&str>| c.len() == 4).collect();
        lines.sort();
        for cells in lines {
            let code = cells[0];
            let country = code.split('.').next().unwrap_or("");
            let Some(&country_number) = numbers.get(country) else { continue };
            let mut names = BTreeSet::from([cells[1].to_owned(), cells[2].to_owned()]);
            // American counties are never called by their bare name; most others are.
            if country != "US" {
                let bare: Vec<String> = names
                    .iter()
                    .flat_map(|n| words.iter().filter_map(|w| n.strip_suffix(w.as_str())))
                    .map(str::to_owned)
                    .collect();
                names.extend(bare.into_iter().filter(|b| b.chars().count() > 3));
            }
            let admin1 = if level == 1 {
                let parent: String = code.split('.').take(2).collect::<Vec<_>>().join(".");
                division[0].get(&parent).map_or(0, |n| n + 1)
            } else {
                0
            };
            let next = u16::try_from(division[level].len()).context("more divisions than the file can number")?;
            if division[level].insert(code.to_owned(), next).is_some() {
                continue;
            }
            entries.push(Entry {
                id: cells[3].parse().unwrap_or(0),
                name: cells[1].to_owned(),
                names,
                kind,
                country: country_number,
                admin1,
                admin2: 0,
                lat: f64::NAN,
                lon: f64::NAN,
                population: 0,
                transliterated: transliterates(country),
            });
        }
    }
    let admin1_count = division[0].len();

    let text = read(&data.join("cities500/cities500.txt"))?;
    let mut cities: Vec<Entry> = Vec::new();
    for line in text.lines() {
        let c: Vec<&str> = line.split('\t').collect();
        ensure!(c.len() >= 15, "cities500.txt: a line of {} cells", c.len());
        let Some(&country) = numbers.get(c[8]) else { continue };
        let population: u32 = c[14].parse().unwrap_or(0);
        let foreign = transliterates(c[8]) || population >= KEEPS_FOREIGN_NAMES || c[7] == "PPLC";
        let mut names = BTreeSet::from([c[1].to_owned(), c[2].to_owned()]);
        if foreign {
            names.extend(c[3].split(',').filter(|n| is_useful(n)).map(str::to_owned));
        }
        let admin1_code = format!("{}.{}", c[8], c[10]);
        let admin2_code = format!("{admin1_code}.{}", c[11]);
        cities.push(Entry {
            id: c[0].parse().unwrap_or(0),
            name: c[1].to_owned(),
            names,
            kind: match c[7] {
                "PPLC" => PlaceKind::Capital,
                "PPLX" => PlaceKind::Site,
                _ => PlaceKind::City,
            },
            country,
            admin1: division[0].get(&admin1_code).map_or(0, |n| n + 1),
            admin2: division[1].get(&admin2_code).map_or(0, |n| n + 1),
            lat: c[4].parse().context("latitude")?,
            lon: c[5].parse().context("longitude")?,
            population,
            transliterated: transliterates(c[8]),
        });
    }
    cities.sort_by_key(|e| e.id);
    place_divisions(&mut entries, &cities, admin1_count);
    entries.extend(cities);
    write(&entries, &codes)
}

/// Languages written in Latin letters, by their ISO 639 codes (a country is judged by its first).
const LATIN_LETTERS: &[&str] = &[
    "en", "es", "fr", "de", "it", "pt", "nl", "da", "sv", "no", "nb", "nn", "fi", "is", "et", "lv", "lt", "pl", "cs",
    "sk", "sl", "hr", "hu", "ro", "sq", "ca", "lb", "mt", "ga", "tr", "id", "ms", "tl", "vi", "sw", "rw", "rn", "sn",
    "st", "ss", "zu", "xh", "to", "sm", "fj", "mi", "pau", "na", "gl", "kl", "fo", "papi", "bi", "tpi", "tet", "mg",
    "ny", "ht", "aym", "gn", "mh", "ch", "cy", "fil",
];

/// Divisions stand at the middle of the box around their places, and hold the sum of their inhabitants.
fn place_divisions(divisions: &mut [Entry], cities: &[Entry], admin1_count: usize) {
    let mut boxes: BTreeMap<usize, (f64, f64, f64, f64, u64)> = BTreeMap::new();
    for city in cities {
        let of = [city.admin1 as usize, admin1_count + city.admin2 as usize];
        for (number, own) in of.into_iter().zip([city.admin1, city.admin2]) {
            if own == 0 {
                continue;
            }
            let b = boxes.entry(number - 1).or_insert((90.0, -90.0, 180.0, -180.0, 0));
            *b = (
                b.0.min(city.lat),
                b.1.max(city.lat),
                b.2.min(city.lon),
                b.3.max(city.lon),
                b.4 + u64::from(city.population),
            );
        }
    }
    for (number, b) in boxes {
        if let Some(d) = divisions.get_mut(number) {
            d.lat = (b.0 + b.1) / 2.0;
            d.lon = (b.2 + b.3) / 2.0;
            d.population = u32::try_from(b.4).unwrap_or(u32::MAX);
        }
    }
    // A division in which no place is known stands where its parent does.
    for n in 0..divisions.len() {
        let parent = (divisions[n].admin1 as usize).checked_sub(1).map(|p| (divisions[p].lat, divisions[p].lon));
        if divisions[n].lat.is_nan()
            && let Some((lat, lon)) = parent
        {
            (divisions[n].lat, divisions[n].lon) = (lat, lon);
        }
    }
}

/// Whether an alternate name can stand in English text: Latin letters, a capital first, no code, no digits.
fn is_useful(name: &str) -> bool {
    let latin = |c: char| {
        c.is_ascii_alphabetic() || ('\u{c0}'..='\u{24f}').contains(&c) || ('\u{1e00}'..='\u{1eff}').contains(&c)
    };
    name.chars().count() >= 4
        && name.starts_with(char::is_uppercase)
        && name.chars().any(char::is_lowercase)
        && name.chars().all(|c| latin(c) || " -'’‘ʼ.".contains(c))
}

fn write(entries: &[Entry], codes: &BTreeSet<String>) -> Result<Vec<u8>> {
    let mut names = Vec::new();
    let mut name_at: HashMap<&str, usize> = HashMap::new();
    let mut records = Vec::with_capacity(entries.len() * RECORD);
    // Kind, country and divisions of each entry, and the sorted list of those that occur.
    let whereabouts = |e: &Entry| -> Result<[u8; WHEREABOUTS]> {
        let kind = KINDS.iter().position(|k| *k == e.kind).context("kind")? as u8;
        let ([a, b], [c, d]) = (e.admin1.to_le_bytes(), e.admin2.to_le_bytes());
        Ok([kind, e.country, a, b, c, d])
    };
    let all: BTreeSet<[u8; WHEREABOUTS]> = entries.iter().map(whereabouts).collect::<Result<_>>()?;
    let number: HashMap<[u8; WHEREABOUTS], usize> = all.iter().copied().zip(0..).collect();
    for e in entries {
        let at = *name_at.entry(e.name.as_str()).or_insert_with(|| {
            let at = names.len();
            let name = &e.name.as_bytes()[..e.name.floor_char_boundary(255)];
            names.push(name.len() as u8);
            names.extend_from_slice(name);
            at
        });
        let degrees = |d: f64| if d.is_nan() { 0 } else { (d * PER_DEGREE).round() as i32 };
        let u24 = |n: usize| u32::try_from(n).ok().filter(|n| *n < 1 << 24).context("a number too large for the file");
        records.extend_from_slice(&degrees(e.lat).to_le_bytes()[..3]);
        records.extend_from_slice(&degrees(e.lon).to_le_bytes()[..3]);
        records.extend_from_slice(&u24(e.id as usize)?.to_le_bytes()[..3]);
        records.extend_from_slice(&u24((e.population / 2).min((1 << 24) - 1) as usize)?.to_le_bytes()[..3]);
        records.extend_from_slice(&u24(at)?.to_le_bytes()[..3]);
        let number = number.get(&whereabouts(e)?).context("whereabouts")?;
        let number = u16::try_from(*number).context("more whereabouts than the file can number")?;
        records.extend_from_slice(&number.to_le_bytes());
    }
    let mut postings = Vec::new();
    let mut by_fold: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    let mut by_sound: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (n, e) in entries.iter().enumerate().filter(|(_, e)| !e.lat.is_nan()) {
        for name in &e.names {
            let folded = fold(name);
            if folded.chars().count() < 2 || !folded.is_ascii() {
                continue;
            }
            if e.transliterated {
                let key = sound(&folded);
                if key.len() >= 3 {
                    by_sound.entry(key).or_default().insert(n);
                }
            }
            by_fold.entry(folded).or_default().insert(n);
        }
    }
    let by_fold = map(by_fold, &mut postings)?;
    let by_sound = map(by_sound, &mut postings)?;
    let countries: Vec<u8> = codes.iter().flat_map(|c| c.bytes()).collect();
    let whereabouts: Vec<u8> = all.into_iter().flatten().collect();
    let sections = [records, names, whereabouts, countries, postings, by_fold, by_sound];
    let mut file = MAGIC.to_vec();
    for section in &sections {
        file.extend_from_slice(&u32::try_from(section.len())?.to_le_bytes());
    }
    for (section, name) in
        sections.iter().zip(["records", "names", "whereabouts", "countries", "postings", "by fold", "by sound"])
    {
        println!("{name:>10}: {:>9} bytes", section.len());
        file.extend_from_slice(section);
    }
    Ok(file)
}

/// A map from names to record numbers; what has several goes into the postings.
fn map(names: BTreeMap<String, BTreeSet<usize>>, postings: &mut Vec<u8>) -> Result<Vec<u8>> {
    let mut builder = fst::MapBuilder::memory();
    let mut seen: HashMap<Vec<usize>, u64> = HashMap::new();
    for (name, numbers) in names {
        let numbers: Vec<usize> = numbers.into_iter().collect();
        let value = if let [one] = numbers[..] {
            (one as u64) << 1
        } else {
            *seen.entry(numbers.clone()).or_insert_with(|| {
                let at = postings.len() as u64;
                leb(numbers.len(), postings);
                numbers.iter().for_each(|&n| leb(n, postings));
                at << 1 | 1
            })
        };
        builder.insert(name, value)?;
    }
    Ok(builder.into_inner()?)
}

fn leb(mut value: usize, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
