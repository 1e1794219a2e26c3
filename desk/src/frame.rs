//! What the frame around every page needs to know: where it is served, which page it is, who looks at it.

use std::convert::Infallible;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Html;

use crate::auth::Viewer;
use crate::problem::Problem;
use crate::state::Desk;

/// The frame around a page.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The path the desk is served under, for links: `{{ f.base }}/incidents`.
    pub base: String,
    /// The page's own path below it.
    pub path: String,
    /// The page's query as it was asked, without `?`.
    pub query: String,
    /// Who looks at it.
    pub viewer: Viewer,
    /// Whether htmx asks for a part of the page.
    pub part: bool,
    /// Whether dispatches can be added.
    pub can_add: bool,
}

impl Frame {
    /// The frame of a request.
    pub fn of(parts: &mut Parts, desk: &Desk) -> Frame {
        Frame {
            base: desk.base().to_owned(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            viewer: parts.extensions.get::<Viewer>().cloned().unwrap_or_default(),
            part: parts.headers.contains_key("hx-request"),
            can_add: desk.can_add(),
        }
    }

    /// `page` or nothing: for `aria-current` in the navigation.
    pub fn here(&self, section: &str) -> bool {
        match section {
            "/" => self.path == "/" || self.path.starts_with("/dispatches"),
            section => self.path.starts_with(section),
        }
    }
}

impl FromRequestParts<Desk> for Frame {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Frame, Infallible> {
        Ok(Frame::of(parts, desk))
    }
}

/// A page drawn, or why not.
pub type Page = Result<Html<String>, Problem>;

/// Draws a template.
pub fn draw(template: &impl Template) -> Page {
    Ok(Html(template.render()?))
}
