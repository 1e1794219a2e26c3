//! Help: the words we use, shortcuts, formats.

use askama::Template;

use crate::frame::{Frame, Page, draw};

#[derive(Template)]
#[template(path = "help.html")]
struct HelpPage {
    f: Frame,
}

/// `GET /help`
pub async fn help(f: Frame) -> Page {
    draw(&HelpPage { f })
}
