//! `cargo xtask score geo`: toponyms of LGL and TR-News.
//!
//! - **Span F1**: our place names (adjectives and peoples included, as the gold has them) against the gold's phrases,
//!   same first and last character.
//! - **On gold spans**: the gold's phrases are given, ours is only which place each means. Share within 161 km (100
//!   miles) of the gold's point, and median distance, over the phrases that the gold gives a point; an unresolved one
//!   counts as wrong and as half the earth away.
//! - **End to end**: the same, over the gold phrases that have a point; one we did not find is wrong.
//! - **In the gazetteer**: the share of gold points for which the atlas has a place under the gold's name or phrase
//!   within 161 km: no choice among candidates could do better.
//!
//! The text is one block per line, as `read` takes a plain text; the title is not given.

use ::atlas::{Atlas, distance};
use anyhow::{Context, Result};
use language::Pipeline;
use reading::{Page, PlaceName};
use record::{Dispatch, TextIndex};

use crate::score::{Options, table};

/// Where the gold lies.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    options: Options,
    /// Print up to this many wrong resolutions on gold spans
    #[arg(long, default_value_t = 0)]
    errors: usize,
}

impl Args {
    /// The set as `score all` runs it.
    pub fn new(options: &Options) -> Args {
        Args { options: options.clone(), errors: 0 }
    }
}

/// 100 miles.
const NEAR: f64 = 161.0;
/// What an unresolved name is taken to be off.
const LOST: f64 = 20_039.0;

/// A gold toponym.
struct Toponym {
    /// Code points.
    start: usize,
    end: usize,
    phrase: String,
    name: String,
    point: Option<(f64, f64)>,
}

/// A gold article.
struct Article {
    id: String,
    text: String,
    toponyms: Vec<Toponym>,
}

#[derive(Default)]
struct Tally {
    gold: usize,
    read: usize,
    hit: usize,
    pointed: usize,
    known: usize,
    near_given: usize,
    given: Vec<f64>,
    near_found: usize,
    found: Vec<f64>,
}

/// Scores both sets.
pub fn run(args: &Args) -> Result<()> {
    let (pipeline, atlas) = (Pipeline::new(), Atlas::new());
    let mut csv = String::from("set,article,gold,read,hit,pointed,within_161_given,within_161_found\n");
    println!(
        "set      span P    R    F1 | gold spans: within 161 km, median km | end to end: within 161 km, median km | in gazetteer"
    );
    let mut errors = args.errors;
    for (set, file) in [("LGL", "lgl.xml"), ("TR-News", "TR-News.xml")] {
        let path = args.options.data.join("gold/geo").join(file);
        let xml = std::fs::read_to_string(&path).with_context(|| format!("reading {} (see --data)", path.display()))?;
        let mut all = Tally::default();
        for article in xml.split("<article ").skip(1).filter_map(article) {
            let t = measure(&article, &pipeline, &atlas, &mut errors);
            csv += &format!(
                "{set},{},{},{},{},{},{},{}\n",
                article.id, t.gold, t.read, t.hit, t.pointed, t.near_given, t.near_found
            );
            all.add(t);
        }
        all.print(set);
    }
    table("geo.csv", &csv, args.options.tables)
}

impl Tally {
    fn add(&mut self, t: Tally) {
        self.gold += t.gold;
        self.read += t.read;
        self.hit += t.hit;
        self.pointed += t.pointed;
        self.known += t.known;
        self.near_given += t.near_given;
        self.near_found += t.near_found;
        self.given.extend(t.given);
        self.found.extend(t.found);
    }

    fn print(&mut self, set: &str) {
        let share = |a: usize, b: usize| 100.0 * a as f64 / b.max(1) as f64;
        let (p, r) = (share(self.hit, self.read), share(self.hit, self.gold));
        let f = if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 };
        println!(
            "{set:<8} {p:>6.1} {r:>4.1} {f:>5.1} | {:>27.1} {:>10.1} | {:>27.1} {:>10.1} | {:>11.1}",
            share(self.near_given, self.pointed),
            median(&mut self.given),
            share(self.near_found, self.pointed),
            median(&mut self.found),
            share(self.known, self.pointed),
        );
    }
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn measure(article: &Article, pipeline: &Pipeline, atlas: &Atlas, errors: &mut usize) -> Tally {
    let dispatch = dispatch(article);
    let page = Page::new(&dispatch, pipeline, atlas);
    let index = TextIndex::new(&dispatch.text);
    let bytes = |t: &Toponym| {
        let given = index.byte(t.start)..index.byte(t.end);
        if dispatch.text.get(given.clone()) == Some(t.phrase.as_str()) {
            return given;
        }
        // A tenth of TR-News' offsets are off by some letters: the nearest place where the phrase stands is meant.
        let starts = dispatch.text.match_indices(t.phrase.as_str()).map(|(at, _)| at);
        let nearest = starts.min_by_key(|at| at.abs_diff(given.start));
        nearest.map_or(given, |at| at..at + t.phrase.len())
    };
    let gold: Vec<std::ops::Range<usize>> = article.toponyms.iter().map(bytes).collect();
    let read = reading::places(&page);
    let given = reading::places_at(&page, &gold);
    let mut tally = Tally { gold: gold.len(), read: read.len(), ..Tally::default() };
    for ((toponym, bytes), given) in article.toponyms.iter().zip(&gold).zip(&given) {
        let ours = read.iter().find(|p| page.analysis.bytes(p.tokens.clone()) == *bytes);
        tally.hit += usize::from(ours.is_some());
        let Some(point) = toponym.point else { continue };
        tally.pointed += 1;
        let off = |p: &PlaceName| p.lat.zip(p.lon).map_or(LOST, |at| distance(point, at));
        let (on_given, on_found) = (off(given), ours.map_or(LOST, off));
        tally.near_given += usize::from(on_given <= NEAR);
        tally.near_found += usize::from(on_found <= NEAR);
        tally.given.push(on_given);
        tally.found.push(on_found);
        let known = |name: &str| atlas.places(name).iter().any(|p| p.distance(point.0, point.1) <= NEAR);
        let demonym = || atlas.demonym(&toponym.phrase).is_some_and(|c| distance(point, (c.lat, c.lon)) <= NEAR);
        let has = known(&toponym.phrase) || known(&toponym.name) || demonym();
        tally.known += usize::from(has);
        if on_given > NEAR && *errors > 0 {
            *errors -= 1;
            println!(
                "  {}: {:?} is {} at {:.1},{:.1}; read {:?} {:?} at {:?},{:?}{}",
                article.id,
                toponym.phrase,
                toponym.name,
                point.0,
                point.1,
                given.country,
                given.admin1,
                given.lat,
                given.lon,
                if has { "" } else { " (not in the gazetteer)" }
            );
        }
    }
    tally
}

fn dispatch(article: &Article) -> Dispatch {
    Dispatch {
        id: article.id.clone(),
        outlet: None,
        agency: None,
        url: None,
        headline: None,
        dek: None,
        language: Some("en".to_owned()),
        sha256: String::new(),
        dateline: None,
        published: None,
        published_basis: None,
        editorial: None,
        sections: Vec::new(),
        text: article.text.clone(),
        layout: Vec::new(),
        notes: Vec::new(),
    }
}

/// An article of the gold's XML, from after "<article ".
fn article(xml: &str) -> Option<Article> {
    let text = between(xml, "<text>", "</text>")?;
    let text = text.trim();
    let text = match text.strip_prefix("<![CDATA[").and_then(|t| t.strip_suffix("]]>")) {
        Some(plain) => plain.to_owned(),
        None => unescape(text),
    };
    let toponyms = xml.split("<toponym>").skip(1).filter_map(|t| toponym(t.split("</toponym>").next()?)).collect();
    Some(Article { id: between(xml, "docid=\"", "\"")?.to_owned(), text, toponyms })
}

fn toponym(xml: &str) -> Option<Toponym> {
    let number = |tag: &str| between(xml, &format!("<{tag}>"), &format!("</{tag}>"))?.trim().parse::<f64>().ok();
    Some(Toponym {
        start: number("start")? as usize,
        end: number("end")? as usize,
        phrase: unescape(between(xml, "<phrase>", "</phrase>")?),
        name: unescape(between(xml, "<name>", "</name>").unwrap_or("")),
        point: number("lat").zip(number("lon")),
    })
}

fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    let rest = text.split_once(open)?.1;
    rest.split_once(close).map(|(inside, _)| inside)
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'").replace("&amp;", "&")
}
