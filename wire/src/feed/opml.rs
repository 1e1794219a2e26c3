//! Lists of feeds: OPML in and out.

use quick_xml::Reader;
use quick_xml::escape::escape;
use quick_xml::events::Event;

/// A feed on a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outline {
    /// The feed's address.
    pub url: String,
    /// What it is called.
    pub title: Option<String>,
    /// The site it belongs to.
    pub site: Option<String>,
}

/// The feeds of an OPML list, in its order, folders flattened.
pub fn opml_in(bytes: &[u8]) -> Result<Vec<Outline>, String> {
    let text = crate::html::charset::decode(bytes, None).0;
    let mut reader = Reader::from_str(&text);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let mut found = Vec::new();
    let mut is_opml = false;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag) | Event::Empty(tag)) => {
                let name = tag.name().as_ref().to_ascii_lowercase();
                is_opml = is_opml || name == b"opml";
                if name != b"outline" {
                    continue;
                }
                let get = |key: &str| {
                    let mut attributes = tag.attributes();
                    let mut all = attributes.with_checks(false).flatten();
                    let value = all.find(|a| a.key.as_ref().eq_ignore_ascii_case(key.as_bytes()))?.value;
                    let raw = String::from_utf8_lossy(&value).into_owned();
                    let plain = quick_xml::escape::unescape(&raw).map(|u| u.into_owned()).unwrap_or(raw);
                    Some(plain.trim().to_owned()).filter(|v| !v.is_empty())
                };
                if let Some(url) = get("xmlUrl") {
                    found.push(Outline { url, title: get("title").or_else(|| get("text")), site: get("htmlUrl") });
                }
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(e) => return Err(format!("is not well-formed at byte {}: {e}", reader.error_position())),
        }
    }
    if is_opml { Ok(found) } else { Err("is no OPML: it has no opml element".to_owned()) }
}

/// An OPML 2.0 list.
pub fn opml_out(title: &str, feeds: &[Outline]) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n");
    out.push_str(&format!("  <head><title>{}</title></head>\n  <body>\n", escape(title)));
    for feed in feeds {
        let title = feed.title.as_deref().unwrap_or(&feed.url);
        let site = feed.site.as_ref().map(|s| format!(" htmlUrl=\"{}\"", escape(s.as_str()))).unwrap_or_default();
        out.push_str(&format!(
            "    <outline type=\"rss\" text=\"{}\" xmlUrl=\"{}\"{site}/>\n",
            escape(title),
            escape(&feed.url)
        ));
    }
    out.push_str("  </body>\n</opml>\n");
    out
}
