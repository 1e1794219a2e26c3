//! NewsML 1.0 to 1.2: `<NewsML>` with items, each with components inside components.
//!
//! The id is the public identifier without its revision, so that all revisions are versions of one dispatch. Of several
//! renditions of the text the longest is read; pictures and other media are left out.

use super::xml::Node;
use super::{Story, body, nitf};
use crate::item::Part;

/// What a `<NewsItem>` is, or why it is no dispatch.
pub fn story(item: &Node) -> Result<Story, String> {
    let identity = item.at(&["Identification", "NewsIdentifier"]);
    let field = |name: &str| identity?.at(&[name])?.text();
    let id = match (field("ProviderId"), field("DateId"), field("NewsItemId")) {
        (Some(provider), Some(date), Some(id)) => Some(format!("urn:newsml:{provider}:{date}:{id}")),
        (_, _, id) => field("PublicIdentifier").or(id),
    };
    let management = item.at(&["NewsManagement"]);
    let formal = |node: Option<&Node>| node?.attribute("FormalName").map(str::to_owned);
    let managed = |name: &str| management?.at(&[name])?.text();
    let status = formal(management.and_then(|m| m.at(&["Status"])));
    let (parts, media) = words(item);
    let what = id.clone().unwrap_or_else(|| "an item".to_owned());
    if parts.is_empty() && status.as_deref().and_then(super::status).unwrap_or_default() == crate::item::Status::Usable
    {
        return Err(match media.first() {
            Some(media) => format!("{what} is of the medium {media:?}, not text"),
            None => format!("{what} holds no text"),
        });
    }
    let line = |name: &str| item.walk().filter(|n| n.name == "NewsLines").find_map(|l| l.at(&[name])?.text());
    let component = item.at(&["NewsComponent"]);
    let inner = item.find("body.head");
    let nitf = item.find("nitf").map(nitf::story).unwrap_or_default();
    let party = |kind: &str| {
        let party = component?.at(&["AdministrativeMetadata", kind, "Party"])?;
        party.attribute("FormalName").map(str::to_owned)
    };
    let language = item.walk().find(|n| n.name == "Language");
    let instruction = formal(management.and_then(|m| m.at(&["Instruction"])));
    Ok(Story {
        version: field("RevisionId"),
        slugline: line("SlugLine").or_else(|| item.at(&["Identification", "NameLabel"])?.text()).or(nitf.slugline),
        headline: line("HeadLine").or_else(|| inner?.at(&["hedline", "hl1"])?.text()),
        dek: line("SubHeadLine").or(nitf.dek),
        byline: line("ByLine").or(nitf.byline),
        dateline: line("DateLine").or(nitf.dateline),
        names: [party("Provider"), field("ProviderId"), party("Source"), line("CreditLine"), line("CopyrightLine")]
            .into_iter()
            .flatten()
            .collect(),
        language: formal(language).or_else(|| item.attribute("lang").map(str::to_owned)),
        published: managed("ThisRevisionCreated").or_else(|| managed("FirstCreated")).or_else(|| field("DateId")),
        status,
        embargo: management.and_then(|m| m.at(&["StatusWillChange", "DateAndTime"])).and_then(Node::text),
        correction: instruction.is_some_and(|i| super::advisory(&i) == Some(super::Advisory::Correction)),
        notes: item.walk().filter(|n| n.name == "Comment").take(8).filter_map(Node::text).collect(),
        id,
        body: parts,
        ..Story::default()
    })
}

/// The longest text in the item, and the media of the content that is no text.
fn words(item: &Node) -> (Vec<Part>, Vec<String>) {
    let mut media = Vec::new();
    let mut best: Vec<Part> = Vec::new();
    let length = |parts: &[Part]| parts.iter().map(|p| p.text.len()).sum::<usize>();
    for content in item.walk().filter(|n| n.name == "ContentItem") {
        let medium = content.at(&["MediaType"]).and_then(|m| m.attribute("FormalName")).unwrap_or("Text");
        if !medium.eq_ignore_ascii_case("text") && !medium.eq_ignore_ascii_case("composite") {
            media.push(medium.to_owned());
            continue;
        }
        let Some(data) = content.at(&["DataContent"]) else { continue };
        let parts = match data.nodes().next() {
            Some(nitf) if nitf.name == "nitf" => nitf::content(nitf),
            Some(_) => body::of_node(data.find("body.content").or_else(|| data.find("body")).unwrap_or(data)),
            None => {
                let text = data.raw_text();
                if text.contains("</") || text.contains("<p>") || text.contains("<P>") {
                    body::of_html(&text)
                } else {
                    body::of_text(&text)
                }
            }
        };
        if length(&parts) > length(&best) {
            best = parts;
        }
    }
    (best, media)
}
