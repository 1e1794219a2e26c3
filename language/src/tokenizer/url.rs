//! Whether a chunk is a URL, an e-mail address or a host name.

use super::Tokenizer;
use crate::chars::{IS_ALNUM, IS_DECIMAL, LOWER};

impl Tokenizer {
    /// Linear in the length of `s`: the scans from different starts do not overlap, since none passes an "@".
    pub(super) fn is_url(&self, s: &str) -> bool {
        if !s.contains('.') {
            return false;
        }
        let scheme = s
            .char_indices()
            .find(|&(_, c)| !(c == '_' || matches!(c, '+' | '-' | '.') || self.chars.is(c, IS_ALNUM)))
            .map(|(i, _)| i)
            .filter(|&i| s[..i].chars().nth(1).is_some() && s[i..].starts_with("://"));
        let starts = [Some(0), scheme.map(|i| i + 3)].into_iter().flatten();
        let behind_at = s.match_indices('@').map(|(i, _)| i + 1).filter(|&i| i > 1);
        starts.chain(behind_at).any(|start| self.is_address(&s[start..]) || self.is_domain(&s[start..]))
    }

    /// Four numbers with dots, outside of the private ranges, and a tail.
    fn is_address(&self, s: &str) -> bool {
        let mut rest = s;
        let mut parts = [""; 4];
        for (number, part) in parts.iter_mut().enumerate() {
            let mut chars = rest.char_indices();
            let end = chars.find(|&(_, c)| !self.chars.is(c, IS_DECIMAL)).map_or(rest.len(), |(i, _)| i);
            *part = &rest[..end];
            rest = &rest[end..];
            if end == 0 || part.chars().nth(3).is_some() {
                return false;
            }
            if number < 3 {
                match rest.strip_prefix('.') {
                    Some(after) => rest = after,
                    None => return false,
                }
            }
        }
        let [a, b, c, d] = parts;
        let private = matches!(a, "10" | "127")
            || matches!((a, b), ("169", "254") | ("192", "168"))
            || a == "172" && is_private_b(b);
        is_edge_octet(a, true)
            && is_octet(b)
            && is_octet(c)
            && is_edge_octet(d, false)
            && !private
            && self.is_tail(rest)
    }

    /// Labels with dots, a top level part in lower case, and a tail.
    fn is_domain(&self, s: &str) -> bool {
        let mut rest = s;
        loop {
            let end = rest.char_indices().find(|&(_, c)| !(is_label(c) || matches!(c, '_' | '-'))).map(|(i, _)| i);
            let Some(end) = end else { return false };
            let label = &rest[..end];
            let edges = label.starts_with(is_label) && label.ends_with(is_label);
            if !edges || label.chars().nth(64).is_some() || !rest[end..].starts_with('.') {
                return false;
            }
            rest = &rest[end + 1..];
            let top = rest.char_indices().find(|&(_, c)| !self.chars.is(c, LOWER)).map_or(rest.len(), |(i, _)| i);
            let length = rest[..top].chars().take(64).count();
            if (2..=63).contains(&length) && self.is_tail(&rest[top..]) {
                return true;
            }
        }
    }

    /// Optionally a port; then the end, or a path, query or fragment.
    fn is_tail(&self, s: &str) -> bool {
        let mut rest = s;
        if let Some(port) = s.strip_prefix(':') {
            let digits = port.chars().take(6).take_while(|&c| self.chars.is(c, IS_DECIMAL));
            let (count, length) = digits.fold((0, 0), |(n, length), c| (n + 1, length + c.len_utf8()));
            if !(2..=5).contains(&count) {
                return false;
            }
            rest = &port[length..];
        }
        rest.is_empty() || rest.starts_with(['/', '?', '#'])
    }
}

/// A character of a label other than "_" and "-".
fn is_label(c: char) -> bool {
    c.is_ascii_alphanumeric() || ('\u{A1}'..='\u{FFFF}').contains(&c)
}

fn is_octet(part: &str) -> bool {
    let mut chars = part.chars();
    matches!(
        (chars.next(), chars.next(), chars.next()),
        (Some(_), _, None)
            | (Some('1'), Some(_), Some(_))
            | (Some('2'), Some('0'..='4'), Some(_))
            | (Some('2'), Some('5'), Some('0'..='5'))
    )
}

/// The first part (1 to 223) or the last (1 to 254), without leading zeros.
fn is_edge_octet(part: &str, first: bool) -> bool {
    let mut chars = part.chars();
    match (chars.next(), chars.next(), chars.next()) {
        (Some('1'..='9'), _, None) => true,
        (Some('1'), Some(_), Some(_)) => true,
        (Some('2'), Some('0' | '1'), Some(_)) if first => true,
        (Some('2'), Some('2'), Some('0'..='3')) if first => true,
        (Some('2'), Some('0'..='4'), Some(_)) if !first => true,
        (Some('2'), Some('5'), Some('0'..='4')) if !first => true,
        _ => false,
    }
}

/// 16 to 31.
fn is_private_b(part: &str) -> bool {
    let mut chars = part.chars();
    matches!(
        (chars.next(), chars.next(), chars.next()),
        (Some('1'), Some('6'..='9'), None) | (Some('2'), Some(_), None) | (Some('3'), Some('0' | '1'), None)
    )
}
