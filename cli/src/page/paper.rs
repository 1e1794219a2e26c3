//! Lines on paper: wrapping and indenting of text that carries styles.

use std::fmt::Write;

use anstyle::Style;

use super::style;

/// The page as it is written.
pub struct Paper {
    width: usize,
    text: String,
}

/// Text in a style, a blank at its start kept. Control characters of the dispatch are shown as blanks: a page must not
/// steer the terminal.
pub fn styled(style: Style, text: &str) -> String {
    let lead = if text.starts_with(' ') { " " } else { "" };
    format!("{lead}{style}{}{}", plain(text), style::RESET)
}

/// Text without control characters, on one line.
pub fn plain(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Exact words, in quotation marks of the page's own.
pub fn quoted(text: &str) -> String {
    format!("{}“{}”{}", style::QUOTED, plain(text), style::RESET)
}

impl Paper {
    /// A blank page `width` columns wide.
    pub fn new(width: usize) -> Paper {
        Paper { width, text: String::new() }
    }

    /// A blank line, unless there is one.
    pub fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// A section's title with a count.
    pub fn title(&mut self, title: &str, count: usize) {
        self.gap();
        let _ = writeln!(self.text, "{}{title}{} {}{count}{}", style::TITLE, style::RESET, style::FAINT, style::RESET);
    }

    /// A paragraph, wrapped and indented by `indent` columns.
    pub fn line(&mut self, indent: usize, text: &str) {
        self.hang("", indent, text);
    }

    /// A paragraph behind a label: the label stands in the margin, the text hangs at `indent`.
    pub fn hang(&mut self, label: &str, indent: usize, text: &str) {
        let label_width = textwrap::core::display_width(label).min(indent);
        let margin = indent.saturating_sub(label_width + usize::from(!label.is_empty()));
        let first = if label.is_empty() {
            " ".repeat(indent)
        } else {
            format!("{}{}{label}{} ", " ".repeat(margin), style::FAINT, style::RESET)
        };
        let rest = " ".repeat(indent);
        let options = textwrap::Options::new(self.width)
            .initial_indent(&first)
            .subsequent_indent(&rest)
            .word_separator(textwrap::WordSeparator::AsciiSpace)
            .word_splitter(textwrap::WordSplitter::NoHyphenation)
            .wrap_algorithm(textwrap::WrapAlgorithm::FirstFit)
            .break_words(true);
        for line in textwrap::wrap(text, options) {
            self.text.push_str(line.trim_end());
            self.text.push('\n');
        }
    }

    /// How many columns there are.
    pub fn width(&self) -> usize {
        self.width
    }

    /// A line as it is: whoever writes it keeps to the width.
    pub fn fixed(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// The finished page.
    pub fn finish(mut self) -> String {
        self.gap();
        self.text
    }
}
