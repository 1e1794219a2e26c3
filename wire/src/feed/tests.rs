use super::*;
use crate::items;

const RSS: &str = "<?xml version='1.0'?><rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel>\
<title>Harbour Courier</title><link>https://courier.example/</link><language>en-gb</language>\
<image><title>Logo</title><link>https://courier.example/logo</link></image>\
<item><title>Shells hit Azaz &amp;amp; Marea</title><link>/news/1</link><guid isPermaLink='false'>n-1</guid>\
<pubDate>Fri, 04 Mar 2016 23:10:00 -0500</pubDate><description>Two people were killed.</description></item>\
<item><title>Truce holds</title><link>https://courier.example/news/2</link><description>short</description>\
<content:encoded><![CDATA[LONG]]></content:encoded></item></channel></rss>";

#[test]
fn entries_become_dispatches_and_summaries_name_the_article_to_fetch() {
    let long = "<p>The truce held for a second day, monitors said &amp; residents agreed.</p>".repeat(12);
    let feed = RSS.replace("LONG", &long);
    let given = Given { url: Some("https://courier.example/feed".to_owned()), ..Given::default() };
    let read: Vec<_> = items(feed.as_bytes(), Format::Auto, &given).map(Result::unwrap).collect();
    assert_eq!(read.len(), 2);
    let first = &read[0];
    assert_eq!(first.dispatch.headline.as_deref(), Some("Shells hit Azaz & Marea"));
    assert_eq!(first.dispatch.outlet.as_deref(), Some("Harbour Courier"));
    assert_eq!(first.dispatch.published.map(|d| d.to_string()).as_deref(), Some("2016-03-04"));
    assert_eq!(first.meta.link.as_deref(), Some("https://courier.example/news/1"));
    assert_eq!(first.dispatch.id, "https://courier.example/news/1");
    assert!(first.original.starts_with(b"<item><title>Shells") && first.original.ends_with(b"</item>"));
    let second = &read[1];
    assert_eq!(second.meta.link, None, "the whole article is carried");
    assert!(
        second.dispatch.text.starts_with("Truce holds\n\nThe truce held for a second day, monitors said & residents")
    );
}

#[test]
fn atom_keeps_markup_bases_and_zones() {
    let atom = "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://monitor.example/'><title type='html'>A &lt;b&gt;Monitor&lt;/b&gt;</title>\
        <entry><id>tag:1</id><title>Camp bombed</title><link rel='self' href='x.atom'/><link href='posts/7'/>\
        <author><name>A. Writer</name></author><updated>2016-03-05T01:00:00+03:00</updated>\
        <content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>Six were hurt.</p><p>Three of them <b>badly</b>.</p></div></content></entry></feed>";
    let feed = feed(atom.as_bytes(), None).unwrap();
    assert_eq!(feed.title.as_deref(), Some("A Monitor"));
    let entry = &feed.entries[0];
    assert_eq!(entry.link.as_deref(), Some("https://monitor.example/posts/7"));
    assert_eq!((entry.author.as_deref(), entry.id.as_deref()), (Some("A. Writer"), Some("tag:1")));
    let parts = html::fragment(entry.content.as_deref().unwrap());
    assert_eq!(parts.iter().map(|p| p.text.as_str()).collect::<Vec<_>>(), ["Six were hurt.", "Three of them badly."]);
}

#[test]
fn json_feeds_and_lists_of_feeds() {
    let json = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "Courier", "items": [
        {"id": 7, "url": "https://courier.example/7", "title": "Raid", "content_text": "Two < three.\n\nMore."}, 4]}"#;
    let read: Vec<_> =
        items(json.as_bytes(), Format::Auto, &Given::default()).map(Result::unwrap).map(|r| r.dispatch).collect();
    assert_eq!(read.len(), 1);
    assert_eq!(read[0].text, "Raid\n\nTwo < three.\n\nMore.");
    let feeds = [
        Outline { url: "https://a.example/?x=1&y".to_owned(), title: Some("A \"<B>\"".to_owned()), site: None },
        Outline {
            url: "https://b.example/f".to_owned(),
            title: Some("B".to_owned()),
            site: Some("https://b.example/".to_owned()),
        },
    ];
    assert_eq!(opml_in(opml_out("Feeds", &feeds).as_bytes()).unwrap(), feeds);
    assert!(opml_in(b"<html>").unwrap_err().contains("no opml"));
}

#[test]
fn a_feed_that_is_cut_off_gives_what_was_there() {
    for cut in 0..RSS.len() {
        let Some(part) = RSS.get(..cut) else { continue };
        let read = feed(part.as_bytes(), None).map(|f| f.entries.len()).unwrap_or_default();
        assert!(read <= 2);
    }
    let cut = RSS.find("<description>short").unwrap();
    assert_eq!(feed(&RSS.as_bytes()[..cut], None).unwrap().entries.len(), 2);
    assert!(feed(b"nothing", None).is_err());
    let deep = format!("<rss><channel><item><description>{}", "<a>".repeat(100_000));
    assert_eq!(feed(deep.as_bytes(), None).unwrap().entries.len(), 1);
}

#[test]
fn an_extension_s_namesake_is_not_the_entry_s() {
    let read = feed(
        b"<r:rss xmlns:r='http://purl.org/rss/1.0/' xmlns:x='urn:courier.example:desk'><r:channel><r:item>\
          <x:description>Desk: world</x:description><r:description>Two were killed.</r:description></r:item></r:channel></r:rss>",
        None,
    );
    assert_eq!(read.unwrap().entries[0].summary.as_deref(), Some("Two were killed."));
}
