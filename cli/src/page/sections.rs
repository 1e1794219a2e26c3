//! The sections of the page, one function each.

use record::{Accord, Claim, Figure, Incident, OUTLET, Perpetrator, PublishedBasis, Record, Statement};

use super::disputes;
use super::paper::{Paper, plain, quoted, styled};
use super::style::{FAINT, NAME, NUMBER, RESET, TITLE, WARNING};
use super::words;

/// The column at which the text of items hangs behind their ids.
pub(super) const HANG: usize = 5;

/// Headline, dek, and the line of outlet, place, day and agency.
pub fn head(paper: &mut Paper, record: &Record) {
    let dispatch = &record.dispatch;
    paper.line(0, &styled(TITLE, dispatch.headline.as_deref().unwrap_or("(no headline)")));
    if let Some(dek) = &dispatch.dek {
        paper.line(0, &plain(dek));
    }
    let mut facts = Vec::new();
    facts.extend(dispatch.outlet.as_deref().map(plain));
    if let Some(dateline) = &dispatch.dateline {
        facts.extend(dateline.place.as_deref().map(plain));
    }
    if let Some(day) = dispatch.published {
        let basis = match dispatch.published_basis {
            Some(PublishedBasis::Inferred) => ", year inferred",
            Some(PublishedBasis::Dateline) => ", from the dateline",
            Some(PublishedBasis::Given | PublishedBasis::Metadata) | None => "",
        };
        facts.push(format!("{} {}{basis}", day.strftime("%A"), words::date(day)));
    } else {
        facts.push("day of publication not known (--published gives it)".to_owned());
    }
    facts.extend(dispatch.agency.as_deref().filter(|a| Some(*a) != dispatch.outlet.as_deref()).map(plain));
    paper.line(0, &styled(FAINT, &facts.join(" · ")));
}

/// Who said what.
pub fn statements(paper: &mut Paper, record: &Record) {
    if record.statements.is_empty() {
        return;
    }
    paper.title("STATEMENTS", record.statements.len());
    for statement in &record.statements {
        statement_lines(paper, statement);
    }
}

pub(super) fn statement_lines(paper: &mut Paper, s: &Statement) {
    let mut first = styled(NAME, &s.speaker);
    if let Some(day) = s.said_on {
        first += &styled(FAINT, &format!(", {}", words::date(day)));
    }
    let mut details = vec![words::name(&s.mode), words::name(&s.kind)];
    details.extend(s.cue.as_ref().map(|cue| format!("cue “{}”", plain(&cue.text))));
    let resolved = s.source.as_ref().filter(|source| plain(&source.text) != s.speaker);
    details.extend(resolved.map(|source| format!("source “{}”", plain(&source.text))));
    if !s.about.is_empty() {
        details.push(format!("about {}", s.about.join(", ")));
    }
    first += &format!(" {FAINT}({}){RESET}", details.join("; "));
    paper.hang(&s.id, HANG, &first);
    let content: Vec<String> = s.content.iter().map(|piece| quoted(&piece.text)).collect();
    paper.line(HANG, &content.join(" … "));
}

/// What happened.
pub fn incidents(paper: &mut Paper, record: &Record) {
    if record.incidents.is_empty() {
        return;
    }
    paper.title("INCIDENTS", record.incidents.len());
    for incident in &record.incidents {
        incident_lines(paper, incident);
    }
}

pub(super) fn incident_lines(paper: &mut Paper, i: &Incident) {
    let mut first = styled(TITLE, &words::incident_type(i.incident_type));
    if let Some(place) = &i.place {
        first += &format!(", {}", styled(NAME, &place.name));
        let mut where_: Vec<&str> = place.admin1.as_deref().filter(|a| *a != place.name).into_iter().collect();
        where_.extend(place.country.as_deref());
        where_.extend(words::precision(place.precision));
        where_.extend(i.place_basis.and_then(words::place_basis));
        if !where_.is_empty() {
            first += &format!(" {FAINT}({}){RESET}", plain(&where_.join(", ")));
        }
    }
    first += &match words::dates(i.date_start, i.date_end) {
        Some(dates) => format!(", {dates}"),
        None => styled(FAINT, ", no day given"),
    };
    let mut marks: Vec<String> = Vec::new();
    marks.extend(i.background.then(|| "background".to_owned()));
    marks.extend(words::modality(i.modality).map(str::to_owned));
    marks.push(format!("confidence {}", words::name(&i.confidence)));
    first += &format!(" {FAINT}[{}]{RESET}", marks.join("; "));
    paper.hang(&i.id, HANG, &first);
    paper.line(HANG, &quoted(&i.trigger.text));
    for figure in &i.figures {
        figure_line(paper, figure);
    }
    for victim in &i.victims {
        row(paper, "struck", &styled(NAME, &victim.group), &victim.mention.text, None, None);
    }
    for p in &i.perpetrators {
        perpetrator_line(paper, p);
    }
    for claim in &i.claims {
        claim_line(paper, claim);
    }
}

/// A line under an item: a word in the margin, what, the words, who says so.
fn row(paper: &mut Paper, label: &str, what: &str, words: &str, by: Option<&str>, statement: Option<&str>) {
    let mut text = format!("{what} {}", quoted(words));
    match by {
        Some(OUTLET) => text += &styled(FAINT, " in the outlet's own voice"),
        Some(by) => text += &format!(" according to {}", styled(NAME, by)),
        None => {}
    }
    if let Some(id) = statement {
        text += &styled(FAINT, &format!(" ({id})"));
    }
    paper.hang(label, HANG + 16, &text);
}

pub(super) fn figure_line(paper: &mut Paper, f: &Figure) {
    let mut what = format!("{} {}", styled(NUMBER, &words::amount(f)), plain(&f.group));
    if let Some(whole) = &f.part_of {
        what += &styled(FAINT, &format!(" (part of {whole})"));
    }
    if f.hedged {
        what += &styled(FAINT, " (hedged)");
    }
    what = format!("{} {what}", styled(FAINT, &f.id));
    row(paper, &words::measure(f.measure), &what, &f.mention.text, Some(&f.by), f.statement.as_deref());
}

fn perpetrator_line(paper: &mut Paper, p: &Perpetrator) {
    row(paper, words::stance(p.stance), &styled(NAME, &p.actor), &p.mention.text, Some(&p.by), p.statement.as_deref());
}

fn claim_line(paper: &mut Paper, c: &Claim) {
    let value = plain(&c.value.replace('_', " "));
    row(paper, &words::name(&c.field), &value, &c.mention.text, Some(&c.by), c.statement.as_deref());
}

/// What was agreed, and whether it holds.
pub fn accords(paper: &mut Paper, record: &Record) {
    if record.accords.is_empty() {
        return;
    }
    paper.title("ACCORDS", record.accords.len());
    for accord in &record.accords {
        accord_lines(paper, accord);
    }
}

pub(super) fn accord_lines(paper: &mut Paper, a: &Accord) {
    let mut first = format!("{} {}", styled(TITLE, &a.name), styled(FAINT, &format!("({})", words::name(&a.kind))));
    if let Some(day) = a.date {
        first += &format!(", {}", words::date(day));
    }
    if let Some(place) = &a.place {
        first += &format!(", {}", styled(NAME, place));
    }
    if let Some(n) = a.documents {
        first += &format!(", {n} documents");
    }
    paper.hang(&a.id, HANG, &first);
    paper.line(HANG, &quoted(&a.mention.text));
    for (label, names) in [("parties", &a.parties), ("brokers", &a.brokers)] {
        if !names.is_empty() {
            let names: Vec<String> = names.iter().map(|n| styled(NAME, n)).collect();
            paper.hang(label, HANG + 16, &names.join(", "));
        }
    }
    for s in &a.status_claims {
        let mut what: Vec<String> = Vec::new();
        what.extend(words::modality(s.modality).map(|m| styled(WARNING, m)));
        what.extend(s.party.as_ref().map(|p| format!("by {}", styled(NAME, p))));
        what.extend(s.blamed.as_ref().map(|p| format!("blamed on {}", styled(NAME, p))));
        what.extend(s.date.map(words::date));
        row(paper, &words::name(&s.status), &what.join(", "), &s.mention.text, Some(&s.by), s.statement.as_deref());
    }
}

/// Where the dispatch's own sources differ.
pub fn disputes(paper: &mut Paper, record: &Record) {
    let disputes: Vec<_> = record.incidents.iter().flat_map(disputes::of).collect();
    if disputes.is_empty() {
        return;
    }
    paper.title("DISPUTED WITHIN THIS DISPATCH", disputes.len());
    for d in &disputes {
        let versions = d.versions.iter().map(|(what, by)| {
            let by: Vec<&str> = by.iter().map(String::as_str).collect();
            format!("{} {FAINT}({}){RESET}", styled(WARNING, what), plain(&by.join(", ")))
        });
        let versions: Vec<String> = versions.collect();
        paper.hang(&d.incident, HANG, &format!("{}: {}", plain(&d.about), versions.join(" against ")));
    }
}

/// Where a dispatch that was read has no item, a line that says so: an empty page looks like a fault.
pub fn nothing(paper: &mut Paper, record: &Record) {
    let unread = record.notes.iter().any(|n| n.starts_with("not read"));
    if record.statements.is_empty() && record.incidents.is_empty() && record.accords.is_empty() && !unread {
        paper.gap();
        paper.line(0, "No statement, incident or accord was found.");
    }
}

/// What does not add up.
pub fn checks(paper: &mut Paper, record: &Record) {
    if record.checks.is_empty() {
        return;
    }
    paper.title("DOES NOT ADD UP", record.checks.len());
    for check in &record.checks {
        let words = check.span.as_ref().map(|s| format!(" {}", quoted(&s.text))).unwrap_or_default();
        let label = if check.figures.is_empty() { String::new() } else { format!(" ({})", check.figures.join(", ")) };
        paper.line(HANG, &format!("{}{}{words}", styled(WARNING, &check.message), styled(FAINT, &label)));
    }
}

/// What no item uses, with the reason.
pub fn unread(paper: &mut Paper, record: &Record) {
    if record.unread.is_empty() {
        return;
    }
    paper.title("NOT USED ABOVE", record.unread.len());
    for u in &record.unread {
        let what = format!("{} {}", words::name(&u.what), quoted(&u.span.text));
        paper.line(HANG, &format!("{what} {}", styled(FAINT, &u.why)));
    }
}
