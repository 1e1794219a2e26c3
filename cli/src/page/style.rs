//! The few styles of the page, as ANSI sequences. The output stream takes them off where they do not belong.

use anstyle::{AnsiColor, Reset, Style};

/// Headline and section titles.
pub const TITLE: Style = Style::new().bold();
/// Names of speakers and actors.
pub const NAME: Style = AnsiColor::Cyan.on_default();
/// Exact words of the dispatch.
pub const QUOTED: Style = Style::new().italic();
/// Ids, dates, things one looks at second.
pub const FAINT: Style = Style::new().dimmed();
/// Numbers.
pub const NUMBER: Style = AnsiColor::Yellow.on_default().bold();
/// What is disputed or does not add up.
pub const WARNING: Style = AnsiColor::Magenta.on_default();
/// The word `error:`.
pub const ERROR: Style = AnsiColor::Red.on_default().bold();
/// Back to plain.
pub const RESET: Reset = Reset;
