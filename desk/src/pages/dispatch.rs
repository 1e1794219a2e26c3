//! A dispatch: its text as published with everything that was read from it marked, its originals, its versions.
//!
//! Spans overlap, so the text is cut at every border of a span into segments, and each segment has a class for every
//! layer over it: the style draws each layer as its own line below the words. The first segment of an item is a link to
//! the item beside the text, and the item links back to its words; the script adds that a click lights up all of them.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use ledger::query::{DispatchPage, DispatchText, Layer, MarkedSpan, Shown};
use serde::Deserialize;

use crate::diff::{self, Piece};
use crate::frame::{Frame, Page, day, draw, plain, voice};
use crate::problem::Problem;
use crate::state::Desk;

/// A piece of the text between two borders of spans.
#[derive(Debug, Default, PartialEq, Eq)]
struct Segment {
    text: String,
    /// `l-statement l-figure` …
    classes: String,
    /// Ids of the items over it, for the script.
    items: String,
    /// Anchors of the items whose words begin here.
    anchors: Vec<String>,
    /// The innermost item that begins here.
    leads: Option<String>,
    /// What the layers say, for the pointer.
    title: String,
    /// Whether its words were asked for.
    asked: bool,
    /// Whether it is the first of them.
    first_asked: bool,
}

/// A paragraph of the text.
#[derive(Debug, Default, PartialEq, Eq)]
struct Paragraph {
    headline: bool,
    segments: Vec<Segment>,
}

/// A layer in the legend.
struct Legend {
    name: &'static str,
    label: &'static str,
    count: usize,
}

/// Something that was read, beside the text.
struct Item {
    id: String,
    layer: &'static str,
    title: String,
    detail: String,
    by: String,
    href: Option<String>,
}

fn name(layer: Layer) -> &'static str {
    match layer {
        Layer::Statement => "statement",
        Layer::Incident => "incident",
        Layer::Figure => "figure",
        Layer::Responsibility => "blame",
        Layer::Accord => "accord",
        Layer::Actor => "actor",
        Layer::Place => "place",
        Layer::Time => "time",
        Layer::Check => "check",
    }
}

const LAYERS: [(Layer, &str); 9] = [
    (Layer::Statement, "Statements"),
    (Layer::Incident, "Incidents"),
    (Layer::Figure, "Figures"),
    (Layer::Responsibility, "Blame"),
    (Layer::Accord, "Accords"),
    (Layer::Actor, "Actors"),
    (Layer::Place, "Places"),
    (Layer::Time, "Times"),
    (Layer::Check, "Checks"),
];

#[derive(Template)]
#[template(path = "dispatch.html")]
struct DispatchView {
    f: Frame,
    own: String,
    text: DispatchText,
    page: DispatchPage,
    outlet: String,
    day: String,
    paragraphs: Vec<Paragraph>,
    /// Whether the text does not begin with its headline.
    untitled: bool,
    legend: Vec<Legend>,
    statements: Vec<Item>,
    acts: Vec<Item>,
    unread: Vec<(String, String, String)>,
    notes: Vec<String>,
    compared: Option<Compared>,
}

struct Compared {
    from: i64,
    to: i64,
    pieces: Vec<Piece>,
}

/// What of a dispatch is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Part {
    /// `120-140`: words to be marked, in code points.
    words: String,
    /// `1-2`: versions to be compared.
    compare: String,
}

fn pair(text: &str) -> Option<(i64, i64)> {
    let (a, b) = text.split_once('-')?;
    Some((a.parse().ok()?, b.parse().ok()?))
}

/// `GET /dispatches/{id}`
pub async fn page(State(desk): State<Desk>, f: Frame, Path(id): Path<String>, Query(part): Query<Part>) -> Page {
    let versions = pair(&part.compare);
    let (text, page, compared) = desk
        .read(move |l| {
            let text = l.dispatch_text(&id)?;
            let full = format!("{}:{}", text.dispatch.namespace, text.dispatch.id);
            let Shown::Dispatch(page) = l.show(&full, false)? else {
                return Err(ledger::LedgerError::NoSuchId(id));
            };
            let compared = match versions {
                Some((from, to)) => Some((from, to, l.version_text(&full, from)?, l.version_text(&full, to)?)),
                None => None,
            };
            Ok((text, page, compared))
        })
        .await?;
    let compared = compared.map(|(from, to, a, b)| Compared { from, to, pieces: diff::words(&a, &b) });
    let outlet = text.dispatch.outlet.clone().unwrap_or_else(|| text.dispatch.namespace.clone());
    let items = |layers: &[Layer]| -> Vec<Item> {
        let mut seen = BTreeSet::new();
        let of = text.spans.iter().filter(|s| layers.contains(&s.layer) && s.layer != Layer::Statement);
        of.filter(|s| seen.insert(anchor(s))).map(|s| item(s, &text, &f)).collect()
    };
    let acts = items(&[Layer::Incident, Layer::Figure, Layer::Responsibility, Layer::Accord, Layer::Check]);
    let statements = page
        .statements
        .iter()
        .map(|s| Item {
            id: s.statement.clone(),
            layer: "statement",
            title: voice(&s.speaker, Some(&outlet)),
            detail: s.content.clone(),
            by: plain(&s.mode),
            href: None,
        })
        .collect();
    let legend = LAYERS
        .into_iter()
        .map(|(layer, label)| Legend {
            name: name(layer),
            label,
            count: text.spans.iter().filter(|s| s.layer == layer).map(anchor_or_place).collect::<BTreeSet<_>>().len(),
        })
        .filter(|l| l.count > 0)
        .collect();
    let (unread, notes) = text.record.as_ref().map_or_else(Default::default, |r| {
        let unread = r.unread.iter().map(|u| {
            let own =
                f.words(&text.dispatch.namespace, &text.dispatch.id, &(u.span.start as i64), &(u.span.end as i64));
            (u.span.text.clone(), u.why.clone(), own)
        });
        (unread.collect(), r.notes.clone())
    });
    let paragraphs = paragraphs(&text, pair(&part.words));
    let view = DispatchView {
        own: f.dispatch(&text.dispatch.namespace, &text.dispatch.id),
        day: text.dispatch.published.as_deref().map_or_else(|| "undated".to_owned(), day),
        untitled: !paragraphs.iter().any(|p| p.headline),
        paragraphs,
        outlet,
        page,
        legend,
        statements,
        acts,
        unread,
        notes,
        compared,
        f,
        text,
    };
    draw(&view)
}

/// What an item beside the text is called: all spans of one item share it.
fn anchor(s: &MarkedSpan) -> String {
    match s.layer {
        Layer::Statement => s.item.clone(),
        Layer::Figure => format!("f-{}-{}", s.item, s.start),
        Layer::Incident if s.part == "trigger" => s.item.clone(),
        Layer::Accord if s.part == "accord" => s.item.clone(),
        layer => format!("{}-{}-{}", name(layer), s.item, s.start),
    }
}

fn anchor_or_place(s: &MarkedSpan) -> String {
    if s.item.is_empty() { format!("{}-{}", s.start, s.end) } else { anchor(s) }
}

/// Whether what was read from these words is told beside the text: what belongs to an item, and every check.
fn stands_beside(s: &MarkedSpan) -> bool {
    !s.item.is_empty() || s.layer == Layer::Check
}

fn item(s: &MarkedSpan, text: &DispatchText, f: &Frame) -> Item {
    let href = s.id.as_deref().map(|id| if s.layer == Layer::Accord { f.accord(id) } else { f.incident(id) });
    let words: String = text
        .text
        .chars()
        .skip(usize::try_from(s.start).unwrap_or(0))
        .take(usize::try_from(s.end - s.start).unwrap_or(0))
        .collect();
    let kind = match (s.layer, s.part.as_str()) {
        (Layer::Incident, "trigger") => "incident",
        (Layer::Accord, "accord") => "accord",
        (Layer::Responsibility, _) => "blame",
        (_, part) => part,
    };
    Item {
        id: anchor(s),
        layer: name(s.layer),
        title: s.label.clone(),
        detail: words,
        by: match &s.by {
            Some(by) => format!("{kind}, {}", voice(by, text.dispatch.outlet.as_deref())),
            None => kind.to_owned(),
        },
        href,
    }
}

/// Cuts the text at every border, into paragraphs of segments. `asked` are words to be marked besides.
fn paragraphs(text: &DispatchText, asked: Option<(i64, i64)>) -> Vec<Paragraph> {
    let chars: Vec<char> = text.text.chars().collect();
    let length = chars.len() as i64;
    let spans: Vec<&MarkedSpan> = text.spans.iter().filter(|s| s.end <= length).collect();
    let mut borders: BTreeSet<i64> = [0, length].into();
    for s in &spans {
        borders.extend([s.start, s.end]);
    }
    let asked = asked.filter(|(a, b)| 0 <= *a && a < b && *b <= length);
    borders.extend(asked.iter().flat_map(|(a, b)| [*a, *b]));
    // Paragraphs end at line ends: no segment reaches over one.
    for (i, c) in chars.iter().enumerate() {
        if *c == '\n' {
            borders.extend([i as i64, i as i64 + 1]);
        }
    }
    let borders: Vec<i64> = borders.into_iter().collect();
    let mut out: Vec<Paragraph> = Vec::new();
    let mut current = Paragraph::default();
    let (mut open, mut next): (Vec<&MarkedSpan>, usize) = (Vec::new(), 0);
    let mut anchored = BTreeSet::new();
    for edge in borders.windows(2) {
        let &[start, end] = edge else { continue };
        open.retain(|s| s.end > start);
        while let Some(s) = spans.get(next).filter(|s| s.start <= start) {
            if s.end > start {
                open.push(s);
            }
            next += 1;
        }
        let words: String = chars.get(start as usize..end as usize).unwrap_or_default().iter().collect();
        if words == "\n" {
            if !current.segments.is_empty() {
                out.push(std::mem::take(&mut current));
            }
            continue;
        }
        let layers: BTreeSet<&str> = open.iter().map(|s| name(s.layer)).collect();
        let mut classes: Vec<String> = layers.iter().map(|l| format!("l-{l}")).collect();
        // The words that tell of an act stand out among those that tell more of it.
        classes.extend(open.iter().any(|s| s.part == "trigger").then(|| "l-act".to_owned()));
        let items: BTreeSet<String> = open.iter().filter(|s| stands_beside(s)).map(|s| anchor(s)).collect();
        let begin: Vec<String> = open
            .iter()
            .filter(|s| stands_beside(s) && s.start == start)
            .map(|s| anchor(s))
            .filter(|a| anchored.insert(a.clone()))
            .collect();
        let leads =
            open.iter().filter(|s| !s.item.is_empty() && s.start == start).min_by_key(|s| s.end).map(|s| anchor(s));
        let title: BTreeSet<String> = open.iter().map(|s| format!("{}: {}", name(s.layer), s.label)).collect();
        let inside = asked.is_some_and(|(a, b)| a <= start && end <= b);
        current.segments.push(Segment {
            text: words,
            classes: classes.join(" "),
            items: items.into_iter().collect::<Vec<_>>().join(" "),
            anchors: begin,
            leads,
            title: title.into_iter().collect::<Vec<_>>().join("\n"),
            asked: inside,
            first_asked: inside && asked.is_some_and(|(a, _)| a == start),
        });
    }
    out.extend(Some(current).filter(|p| !p.segments.is_empty()));
    if let (Some(first), Some(headline)) = (out.first_mut(), &text.dispatch.headline) {
        let said: String = first.segments.iter().map(|s| s.text.as_str()).collect();
        first.headline = said.trim() == headline.trim();
    }
    out
}

/// `GET /dispatches/{id}/versions/{number}/original`: the bytes as they were received.
pub async fn original(State(desk): State<Desk>, Path((id, number)): Path<(String, i64)>) -> Result<Response, Problem> {
    let (media_type, bytes) = desk.read(move |l| l.original(&id, number)).await?;
    let ending = match media_type.as_str() {
        "application/json" => "json",
        "text/html" => "html.txt",
        t if t.ends_with("xml") => "xml",
        _ => "txt",
    };
    // Foreign bytes are never shown as a page of ours: they are kept, not opened, and of no type that a browser runs.
    let kept = format!("attachment; filename=\"original-v{number}.{ending}\"");
    Ok(([(header::CONTENT_TYPE, "application/octet-stream".to_owned()), (header::CONTENT_DISPOSITION, kept)], bytes)
        .into_response())
}

/// `GET /dispatches/{id}/record.json`: the record as it was read.
pub async fn record(State(desk): State<Desk>, Path(id): Path<String>) -> Result<Response, Problem> {
    let record = desk.read(move |l| l.record(&id)).await?;
    Ok(axum::Json(record).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger::query::DispatchRow;

    fn span(start: i64, end: i64, layer: Layer, item: &str) -> MarkedSpan {
        let part = if layer == Layer::Incident { "trigger" } else { "figure" };
        MarkedSpan { start, end, layer, part: part.into(), item: item.into(), id: None, label: "é".into(), by: None }
    }

    fn text(text: &str, spans: Vec<MarkedSpan>) -> DispatchText {
        let mut dispatch = empty();
        dispatch.headline = Some("Títle".into());
        DispatchText {
            dispatch,
            dek: None,
            url: None,
            language: None,
            text: text.into(),
            spans,
            versions: Vec::new(),
            record: None,
        }
    }

    /// The row of a dispatch of which nothing is known.
    fn empty() -> DispatchRow {
        let folder = tempfile::tempdir().unwrap();
        let mut ledger = ledger::Ledger::open_or_create(&folder.path().join("l.db")).unwrap();
        let record = ledger::record_from_json(r#"{"id": "d", "dispatch": {"text": "t"}}"#).unwrap();
        let filing = ledger::Filing {
            namespace: "n".into(),
            record,
            original: b"t".to_vec(),
            media_type: "text/plain",
            replace: false,
        };
        ledger.file(&[filing], jiff::Timestamp::UNIX_EPOCH).unwrap();
        ledger.dispatches(&Default::default()).unwrap().remove(0)
    }

    #[test]
    fn overlapping_spans_are_cut_at_every_border_and_lose_no_letter() {
        let spans = vec![
            span(7, 20, Layer::Statement, "s1"),
            span(7, 10, Layer::Figure, "f1"),
            span(9, 14, Layer::Incident, "i1"),
            span(900, 990, Layer::Time, ""),
        ];
        let source = "Títle\n\nÉté abc def ghi jkl\n";
        let cut = paragraphs(&text(source, spans), Some((9, 14)));
        assert_eq!(cut.len(), 2);
        assert!(cut[0].headline && !cut[1].headline);
        let words: Vec<&str> = cut[1].segments.iter().map(|s| s.text.as_str()).collect();
        assert_eq!(words, ["Ét", "é", " abc", " def g", "hi jkl"]);
        assert_eq!(cut[1].segments[0].anchors, ["s1", "f-f1-7"]);
        assert_eq!(cut[1].segments[0].leads.as_deref(), Some("f-f1-7"), "the innermost");
        assert_eq!(cut[1].segments[1].classes, "l-figure l-incident l-statement l-act");
        assert_eq!(cut[1].segments[1].items, "f-f1-7 i1 s1");
        assert!(cut[1].segments[1].first_asked && cut[1].segments[2].asked && !cut[1].segments[3].asked);
        let all: String = cut.iter().flat_map(|p| &p.segments).map(|s| s.text.as_str()).collect();
        assert_eq!(all, source.replace('\n', ""));
        for wrong in [Some((-1, 3)), Some((5, 2)), Some((0, 9_999))] {
            assert!(paragraphs(&text("abc", Vec::new()), wrong).iter().flat_map(|p| &p.segments).all(|s| !s.asked));
        }
    }
}
