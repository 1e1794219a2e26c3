//! Why an item was read so: the item as the page has it, its reasons with their words and entries, and the trees of its
//! sentences.
//!
//! ```text
//! said VBD root                          ← cue
//! ├─ The monitor nsubj                   ← source
//! └─ killed VBD ccomp
//!    └─ four people dobj
//! ```

use reading::{Explanation, Node, Reason};
use record::Record;
use textwrap::core::display_width;

use super::paper::{Paper, plain, quoted, styled};
use super::sections::{self, HANG};
use super::style::{FAINT, NAME, RESET, TITLE};

/// The column at which reasons hang.
const REASONS: usize = 17;

/// The most words shown of a reason's words: a content may be a page long.
const WORDS: usize = 14;

/// The explanations asked for, one after the other.
pub fn explain(record: &Record, explanations: &[&Explanation], width: usize) -> String {
    let mut paper = Paper::new(width);
    for explanation in explanations {
        paper.gap();
        item(&mut paper, record, explanation);
        paper.gap();
        for reason in &explanation.reasons {
            reason_lines(&mut paper, reason);
        }
        for sentence in &explanation.sentences {
            paper.gap();
            paper.line(2, &quoted(&sentence.span.text));
            tree(&mut paper, &sentence.tree);
        }
    }
    paper.finish()
}

/// The item as the page prints it.
fn item(paper: &mut Paper, record: &Record, explanation: &Explanation) {
    let id = explanation.id.as_str();
    if let Some(statement) = record.statements.iter().find(|s| s.id == id) {
        sections::statement_lines(paper, statement);
    }
    if let Some(incident) = record.incidents.iter().find(|i| i.id == id) {
        sections::incident_lines(paper, incident);
    }
    if let Some((incident, figure)) =
        record.incidents.iter().find_map(|i| i.figures.iter().find(|f| f.id == id).map(|f| (i, f)))
    {
        paper.hang(id, HANG, &format!("figure of {}", incident.id));
        sections::figure_line(paper, figure);
    }
    if let Some(accord) = record.accords.iter().find(|a| a.id == id) {
        sections::accord_lines(paper, accord);
    }
}

fn reason_lines(paper: &mut Paper, reason: &Reason) {
    let mut text = String::new();
    if let Some(span) = &reason.span {
        text += &quoted(&shortened(&span.text, WORDS));
        text.push(' ');
    }
    text += &plain(&reason.why);
    if let Some(entry) = &reason.entry {
        text += &styled(FAINT, &format!(" {}:{}", entry.file, entry.line));
    }
    paper.hang(reason.what, REASONS, &text);
}

/// The first and last words of a long text.
fn shortened(text: &str, most: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.len() {
        n if n > most => format!("{} … {}", words[..most / 2].join(" "), words[n - most / 2..].join(" ")),
        _ => words.join(" "),
    }
}

/// A tree, a line a node; long phrases are cut so that no line is wider than the page.
fn tree(paper: &mut Paper, nodes: &[Node]) {
    // What hangs further down on the same level, seen from below: whether a line goes on at each depth.
    let deepest = nodes.iter().map(|n| n.depth).max().unwrap_or(0);
    let mut goes_on = vec![false; deepest + 1];
    let mut lines: Vec<String> = Vec::new();
    for node in nodes.iter().rev() {
        let last = !std::mem::replace(&mut goes_on[node.depth], true);
        goes_on[node.depth + 1..].fill(false);
        let mut lead = String::from("  ");
        for on in goes_on.iter().take(node.depth).skip(1) {
            lead += if *on { "│  " } else { "   " };
        }
        if node.depth > 0 {
            lead += if last { "└─ " } else { "├─ " };
        }
        lines.push(line(node, &lead, paper.width()));
    }
    lines.iter().rev().for_each(|l| paper.fixed(l));
}

fn line(node: &Node, lead: &str, width: usize) -> String {
    let marks = if node.marks.is_empty() { String::new() } else { format!("  ← {}", node.marks.join(", ")) };
    let relation = format!(" {} {}", node.dep, node.tag);
    let room = width.saturating_sub(display_width(lead) + display_width(&relation) + display_width(&marks)).max(8);
    let words = cut(&plain(&node.words), room);
    let style = if node.marks.is_empty() { anstyle::Style::new() } else { NAME };
    format!("{FAINT}{lead}{RESET}{style}{words}{RESET}{FAINT}{relation}{RESET}{TITLE}{marks}{RESET}")
}

/// A text in at most `room` columns, its middle left out where it is longer.
fn cut(text: &str, room: usize) -> String {
    if display_width(text) <= room {
        return text.to_owned();
    }
    let half = room.saturating_sub(3) / 2;
    let head: String = text.chars().take(half).collect();
    let mut tail: Vec<char> = text.chars().rev().take(half).collect();
    tail.reverse();
    format!("{} … {}", head.trim_end(), tail.into_iter().collect::<String>().trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(depth: usize, words: &str, marks: &[&'static str]) -> Node {
        Node { depth, words: words.to_owned(), dep: "nsubj", tag: "NN", marks: marks.to_vec() }
    }

    #[test]
    fn trees_are_joined_by_lines_and_keep_to_the_width() {
        let mut paper = Paper::new(40);
        let long = "a phrase of very many words that would never fit on such a narrow line";
        tree(
            &mut paper,
            &[node(0, "said", &["cue"]), node(1, long, &[]), node(2, "below", &["source"]), node(1, "last", &[])],
        );
        let text = anstream::adapter::strip_str(&paper.finish()).to_string();
        let lines: Vec<&str> = text.lines().filter(|l| !l.is_empty()).collect();
        assert_eq!(lines[0], "  said nsubj NN  ← cue");
        assert!(lines[1].starts_with("  ├─ a phrase"), "{}", lines[1]);
        assert_eq!(lines[2], "  │  └─ below nsubj NN  ← source");
        assert_eq!(lines[3], "  └─ last nsubj NN");
        assert!(lines.iter().all(|l| display_width(l) <= 40), "{text}");
    }
}
