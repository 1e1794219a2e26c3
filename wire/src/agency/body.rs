//! The parts of a body: from NITF and XHTML nodes, from HTML in a string, from plain text.
//!
//! White space inside a paragraph is one blank; a paragraph ends where a block element begins or ends. Pictures, scripts
//! and what else is not running text are left out. Hard-wrapped lines of plain text are joined: a line break inside a
//! sentence is the width of a teleprinter, not a thing the writer said.

use record::BlockKind;

use super::xml::{Child, Node};
use crate::item::Part;

/// Where markup is deeper than this, elements are taken as one level.
const DEEPEST: usize = 512;

/// The parts of an element of NITF or XHTML.
pub fn of_node(node: &Node) -> Vec<Part> {
    let mut parts = Builder::default();
    walk(node, &mut parts);
    parts.finish()
}

// Nesting is bounded by the reader of XML.
fn walk(node: &Node, parts: &mut Builder) {
    parts.open(&node.name.to_ascii_lowercase());
    for child in &node.children {
        match child {
            Child::Text(text) => parts.text(text),
            Child::Node(inner) => walk(inner, parts),
        }
    }
    parts.close();
}

/// The parts of a piece of HTML, told apart as those of a page are.
pub fn of_html(html: &str) -> Vec<Part> {
    crate::html::fragment(html)
}

/// The paragraphs of plain text: parted by empty lines or by indents; lines inside are joined.
pub fn of_text(text: &str) -> Vec<Part> {
    let mut parts = Builder::default();
    let lines = text.lines().peekable();
    for line in lines {
        let indented = line.starts_with("  ") || line.starts_with('\t');
        if line.trim().is_empty() || indented {
            parts.flush();
        }
        parts.text(line);
        parts.text(" ");
    }
    parts.finish()
}

/// Collects parts while markup opens and closes.
#[derive(Debug, Default)]
struct Builder {
    parts: Vec<Part>,
    words: String,
    /// For each open element what it is to its text.
    open: Vec<Role>,
    /// Elements beyond DEEPEST.
    deeper: usize,
    skipped: usize,
    headings: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Inline,
    Block,
    Heading,
    Skip,
}

/// What an element of NITF, XHTML or HTML is to the text in it.
fn role(name: &str) -> Role {
    match name {
        "script" | "style" | "head" | "media" | "figure" | "iframe" | "svg" | "template" | "object" | "video"
        | "audio" | "noscript" | "textarea" | "select" | "button" => Role::Skip,
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "hl1" | "hl2" => Role::Heading,
        "p" | "div" | "li" | "ul" | "ol" | "dl" | "dt" | "dd" | "block" | "bq" | "blockquote" | "pre" | "table"
        | "tr" | "nitf-table" | "section" | "article" | "header" | "footer" | "body" | "hr" | "note" | "fn"
        | "ednote" | "html" | "nitf" | "body.content" | "body.head" | "body.end" | "tagline" | "tbody" | "thead"
        | "caption" => Role::Block,
        _ => Role::Inline,
    }
}

impl Builder {
    fn open(&mut self, name: &str) {
        if self.open.len() >= DEEPEST {
            self.deeper += 1;
            return;
        }
        let role = role(name);
        match role {
            Role::Inline if matches!(name, "br" | "td" | "th" | "col") => self.words.push(' '),
            Role::Inline => {}
            Role::Block | Role::Heading | Role::Skip => self.flush(),
        }
        self.headings += usize::from(role == Role::Heading);
        self.skipped += usize::from(role == Role::Skip);
        self.open.push(role);
    }

    fn close(&mut self) {
        if self.deeper > 0 {
            self.deeper -= 1;
            return;
        }
        match self.open.pop() {
            Some(Role::Block) => self.flush(),
            Some(Role::Heading) => {
                self.flush();
                self.headings -= 1;
            }
            Some(Role::Skip) => {
                self.words.clear();
                self.skipped -= 1;
            }
            Some(Role::Inline) | None => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.skipped == 0 {
            self.words.push_str(text);
        }
    }

    /// Ends the part at hand.
    fn flush(&mut self) {
        if self.skipped == 0 && self.words.chars().any(char::is_alphanumeric) {
            let kind = if self.headings > 0 { BlockKind::Heading } else { BlockKind::Paragraph };
            self.parts.push(Part::new(kind, self.words.split_whitespace().collect::<Vec<_>>().join(" ")));
        }
        self.words.clear();
    }

    fn finish(mut self) -> Vec<Part> {
        self.flush();
        self.parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(parts: &[Part]) -> Vec<(BlockKind, &str)> {
        parts.iter().map(|p| (p.kind, p.text.as_str())).collect()
    }

    #[test]
    fn markup_gives_paragraphs_and_headings() {
        let text = "<body.content><p>Two <b>were</b>\n killed.</p><media><p>x</p></media><hl2>Truce</hl2>loose<br/>words\
                    <ul><li>a</li><li>b</li></ul></body.content>";
        let (root, _) = super::super::xml::parse(text.as_bytes(), "a").unwrap();
        let expected = [
            (BlockKind::Paragraph, "Two were killed."),
            (BlockKind::Heading, "Truce"),
            (BlockKind::Paragraph, "loose words"),
            (BlockKind::Paragraph, "a"),
            (BlockKind::Paragraph, "b"),
        ];
        assert_eq!(words(&of_node(&root)), expected);
    }

    #[test]
    fn wrapped_lines_are_joined() {
        let parts = of_text("   One line\nand its end.\n\n   Another.\n   A third.\n");
        let texts: Vec<&str> = parts.iter().map(|p| p.text.as_str()).collect();
        assert_eq!(texts, ["One line and its end.", "Another.", "A third."]);
    }
}
