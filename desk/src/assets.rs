//! What the browser loads: style, script, htmx, icon. All embedded.

use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use crate::problem::Problem;

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Assets;

/// The kind of a file by its name.
fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|n| n.1) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    }
}

/// `GET /assets/{name}`: the file, with its hash as tag so that a browser asks for it once.
pub async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    if name == "draw.css" {
        return ([(header::CONTENT_TYPE, media_type(&name))], export::draw::CSS).into_response();
    }
    let Some(file) = Assets::get(&name) else {
        return Problem::missing("There is no such file.").into_response();
    };
    let hash: String = file.metadata.sha256_hash().iter().take(12).map(|b| format!("{b:02x}")).collect();
    let tag = format!("\"{hash}\"");
    let cached = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, "public, max-age=300".to_owned())];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|t| t.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, cached).into_response();
    }
    (cached, [(header::CONTENT_TYPE, media_type(&name))], file.data).into_response()
}
