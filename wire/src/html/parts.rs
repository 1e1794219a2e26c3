//! A tree of HTML → parts: paragraphs, headings, captions.
//!
//! A walk without recursion. An element that browsers set as a block ends the part before it; two line breaks in a row end
//! one too; rows of a table are parts. White space is collapsed as browsers do, `<pre>` aside.

use dom_query::NodeRef;
use record::BlockKind;

use super::words::{Role, words};
use crate::item::Part;

/// The parts under `root`, in order.
pub fn parts(root: &NodeRef<'_>) -> Vec<Part> {
    let mut writer = Writer::default();
    let mut node = root.first_child();
    // The node under which the walk stays.
    let top = root.id;
    while let Some(current) = node {
        let mut down = true;
        if current.is_text() {
            writer.text(&current.text());
            down = false;
        } else if current.is_element() {
            down = match current.node_name().map(|name| words().role(&name)) {
                Some(Role::Skip) => false,
                Some(role) => {
                    writer.open(role);
                    true
                }
                None => true,
            };
        } else if current.is_comment() || current.is_doctype() {
            down = false;
        }
        let child = if down { current.first_child() } else { None };
        node = match child {
            Some(child) => Some(child),
            None => {
                // Up, closing, until a sibling follows.
                let mut here = current;
                if down {
                    close(&mut writer, &here);
                }
                loop {
                    if let Some(next) = here.next_sibling() {
                        break Some(next);
                    }
                    match here.parent() {
                        Some(parent) if parent.id != top => {
                            close(&mut writer, &parent);
                            here = parent;
                        }
                        _ => break None,
                    }
                }
            }
        };
    }
    writer.finish()
}

fn close(writer: &mut Writer, node: &NodeRef<'_>) {
    if let Some(name) = node.node_name() {
        writer.close(words().role(&name));
    }
}

#[derive(Default)]
struct Writer {
    parts: Vec<Part>,
    line: String,
    /// White space waits for the next word.
    blank: bool,
    breaks: usize,
    heading: usize,
    caption: usize,
    pre: usize,
}

impl Writer {
    fn text(&mut self, text: &str) {
        if self.pre > 0 {
            for (n, line) in text.split('\n').enumerate() {
                if n > 0 {
                    self.line_break();
                }
                self.flowing(line);
            }
        } else {
            self.flowing(text);
        }
    }

    fn flowing(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                ' ' | '\n' | '\t' | '\r' | '\x0C' | '\u{a0}' => self.blank = true,
                // Marks for the browser's line breaking, and what is no character.
                '\u{ad}' | '\u{200b}' | '\u{feff}' | '\0' => {}
                c => {
                    self.breaks = 0;
                    if self.blank && !self.line.is_empty() && !self.line.ends_with('\n') {
                        self.line.push(' ');
                    }
                    self.blank = false;
                    self.line.push(c);
                }
            }
        }
    }

    fn open(&mut self, role: Role) {
        match role {
            Role::Inline | Role::Skip => return,
            Role::Break => return self.line_break(),
            Role::Cell => {
                self.blank = true;
                return;
            }
            _ => self.end(),
        }
        match role {
            Role::Heading => self.heading += 1,
            Role::Caption => self.caption += 1,
            Role::Pre => self.pre += 1,
            _ => {}
        }
    }

    fn close(&mut self, role: Role) {
        match role {
            Role::Inline | Role::Skip | Role::Break => return,
            Role::Cell => {
                self.blank = true;
                return;
            }
            _ => self.end(),
        }
        match role {
            Role::Heading => self.heading = self.heading.saturating_sub(1),
            Role::Caption => self.caption = self.caption.saturating_sub(1),
            Role::Pre => self.pre = self.pre.saturating_sub(1),
            _ => {}
        }
    }

    fn line_break(&mut self) {
        self.breaks += 1;
        if self.breaks > 1 {
            self.end();
        } else if !self.line.is_empty() {
            self.line.push('\n');
        }
        self.blank = false;
    }

    fn end(&mut self) {
        let words = self.line.trim();
        if words.chars().any(char::is_alphanumeric) {
            let kind = match (self.caption, self.heading) {
                (1.., _) => BlockKind::Caption,
                (_, 1..) => BlockKind::Heading,
                _ => BlockKind::Paragraph,
            };
            self.parts.push(Part::new(kind, words));
        }
        self.line.clear();
        self.blank = false;
        self.breaks = 0;
    }

    fn finish(mut self) -> Vec<Part> {
        self.end();
        self.parts
    }
}
