//! Writing SVG: escaped text, short numbers, links that lead nowhere bad.

use std::fmt::Write as _;

/// `text` safe between tags and inside quoted attributes, in HTML and XML. Control characters that XML forbids are
/// dropped.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

/// A number with at most one decimal, as short as it goes.
pub fn short(n: f64) -> String {
    if !n.is_finite() {
        return "0".to_owned();
    }
    let rounded = (n * 10.0).round() / 10.0;
    // -0 would be written with its sign.
    if rounded == 0.0 { "0".to_owned() } else { rounded.to_string() }
}

/// A drawing of a size, being written.
pub struct Svg {
    out: String,
}

impl Svg {
    /// Begins a drawing: `kind` is its class, `label` what it shows.
    pub fn new(kind: &str, label: &str, width: f64, height: f64) -> Svg {
        let (w, h, label) = (short(width), short(height), escape(label));
        // A group, not an image: what is inside an image cannot be reached by keyboard.
        let out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"draw draw-{kind}\" viewBox=\"0 0 {w} {h}\" role=\"group\" \
             aria-label=\"{label}\">"
        );
        Svg { out }
    }

    /// Adds markup that is made of numbers and our own words.
    pub fn raw(&mut self, markup: &str) {
        self.out.push_str(markup);
    }

    /// Opens a link with its title. What has nowhere to lead can still be reached and read.
    pub fn open_link(&mut self, class: &str, href: Option<&str>, title: &str) {
        let to = match href.filter(|h| leads_well(h)) {
            Some(href) => format!("href=\"{}\"", escape(href)),
            None => "tabindex=\"0\"".to_owned(),
        };
        let title = escape(title);
        let _ = write!(self.out, "<a class=\"{class}\" {to} aria-label=\"{title}\"><title>{title}</title>");
    }

    /// Closes the link.
    pub fn close_link(&mut self) {
        self.out.push_str("</a>");
    }

    /// A circle.
    pub fn circle(&mut self, class: &str, x: f64, y: f64, r: f64) {
        let _ =
            write!(self.out, "<circle class=\"{class}\" cx=\"{}\" cy=\"{}\" r=\"{}\"/>", short(x), short(y), short(r));
    }

    /// A straight line.
    pub fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let [a, b, c, d] = [from.0, from.1, to.0, to.1].map(short);
        let _ = write!(self.out, "<line class=\"{class}\" x1=\"{a}\" y1=\"{b}\" x2=\"{c}\" y2=\"{d}\"/>");
    }

    /// A rectangle.
    pub fn rect(&mut self, class: &str, x: f64, y: f64, width: f64, height: f64) {
        let [a, b, c, d] = [x, y, width.max(0.0), height.max(0.0)].map(short);
        let _ = write!(self.out, "<rect class=\"{class}\" x=\"{a}\" y=\"{b}\" width=\"{c}\" height=\"{d}\"/>");
    }

    /// Text; `anchor` is `start`, `middle` or `end`.
    pub fn text(&mut self, class: &str, x: f64, y: f64, anchor: &str, text: &str) {
        let (x, y, text) = (short(x), short(y), escape(text));
        let _ = write!(self.out, "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{text}</text>");
    }

    /// The drawing.
    pub fn finish(mut self) -> String {
        self.out.push_str("</svg>");
        self.out
    }
}

/// Whether a link leads to a page: a relative or web address, never a script.
fn leads_well(href: &str) -> bool {
    let head = href.split(['/', '?', '#']).next().unwrap_or_default();
    !href.chars().any(char::is_control) && (!head.contains(':') || matches!(head, "http:" | "https:"))
}

/// `text` cut to about `most` characters.
pub fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// About how wide a text in the small size of type is, in units.
pub fn width_of(text: &str) -> f64 {
    text.chars().count() as f64 * 6.2
}
