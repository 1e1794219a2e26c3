use super::*;
use crate::{dispatches, items};

const PAGE: &str = r#"<!DOCTYPE html><html lang="en-GB"><head><title>Shells hit Azaz market | Harbour Courier</title>
<meta property="og:title" content="Shells hit Azaz market"><meta property="og:site_name" content="Harbour Courier">
<meta property="article:published_time" content="2016-10-01T08:00:00Z"><link rel="canonical" href="/news/azaz?id=1">
<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "Site"},
 {"@type": ["NewsArticle"], "headline": "Shells hit Azaz market", "datePublished": "2016-10-03T23:30:00-05:00",
  "dateModified": "2016-10-04T09:00:00-05:00", "author": [{"@type": "Person", "name": "A. Writer"}, {"name": "B. Writer"}],
  "publisher": {"name": "The Harbour Courier"}}]}</script></head>
<body><nav><a href="/">Home</a> <a href="/world">World</a></nav><header><h1>Shells hit Azaz market</h1><p class="standfirst">A monitor and a spokesman give rival accounts of the shelling</p></header>
<article><div class="share-buttons social"><a>Tweet</a></div><figure><img src="x.jpg"><figcaption>The market after the shelling, by our photographer.</figcaption></figure>
<p>AZAZ, Syria - Two people were killed on Monday when shells hit the market of Azaz, the Northern Monitor said in a statement on its site.</p>
<p>The monitor blamed government forces for it.<br>A spokesman denied that the army had shelled the town, which lies near the border.</p>
<div class="related-stories"><h3>Related</h3><p><a href="/2">A market elsewhere was hit by something else last week, officials said</a></p></div>
<h2>A fragile truce</h2><p>Residents said that the shelling had gone on for an hour, and that several shops and a school had been damaged badly.</p>
<p>Advertisement</p><p>&ldquo;We heard it all night,&rdquo; said a man who lives in the next street, and who asked not to be named.</p></article>
<div id="comments"><p>First comment, which is not part of the article but is long enough to be taken for a paragraph of it, were it not named so.</p></div>
<footer><p>Copyright Harbour Courier. All rights reserved.</p></footer></body></html>"#;

fn given() -> Given {
    Given {
        name: "page".to_owned(),
        url: Some("https://courier.example/news/azaz?utm=x".to_owned()),
        ..Given::default()
    }
}

#[test]
fn a_page_becomes_its_article() {
    let given = given();
    let received = items(PAGE.as_bytes(), Format::Auto, &given).next().unwrap().unwrap();
    let d = &received.dispatch;
    assert_eq!(received.media_type, "text/html");
    assert_eq!(received.original, PAGE.as_bytes());
    assert_eq!(d.headline.as_deref(), Some("Shells hit Azaz market"));
    assert_eq!(d.dek.as_deref(), Some("A monitor and a spokesman give rival accounts of the shelling"));
    assert_eq!(d.outlet.as_deref(), Some("The Harbour Courier"));
    assert_eq!(d.url.as_deref(), Some("https://courier.example/news/azaz?id=1"));
    assert_eq!(d.published.map(|p| p.to_string()).as_deref(), Some("2016-10-03"), "the day where it was published");
    assert_eq!(received.meta.published.as_deref(), Some("2016-10-03T23:30:00-05:00"));
    assert_eq!(received.meta.modified.as_deref(), Some("2016-10-04T09:00:00-05:00"));
    assert_eq!(received.meta.byline.as_deref(), Some("A. Writer, B. Writer"));
    assert_eq!(d.language.as_deref(), Some("en"));
    assert!(d.text.starts_with("Shells hit Azaz market\n\nA monitor and a spokesman give rival accounts of the shelling\n\nAZAZ, Syria - Two"), "{}", d.text);
    assert!(
        d.text.contains("for it.\nA spokesman") && d.text.contains("\n\nA fragile truce\n\nResidents"),
        "{}",
        d.text
    );
    assert!(d.text.ends_with("not to be named.") && d.text.contains("“We heard it all night,”"), "{}", d.text);
    for furniture in ["Home", "Tweet", "Advertisement", "elsewhere", "First comment", "Copyright", "photographer"] {
        assert!(!d.text.contains(furniture), "{furniture}: {}", d.text);
    }
    assert_eq!(d.dateline.as_ref().and_then(|l| l.place.as_deref()), Some("AZAZ, Syria"));
}

#[test]
fn any_charset_is_read() {
    let words = "Le ministère a annoncé que douze civils ont été tués près de la frontière, selon des sources locales.";
    let page =
        |charset: &str| format!("<html><head><meta charset=\"{charset}\"></head><body><p>{words}</p></body></html>");
    let (latin, ..) = encoding_rs::WINDOWS_1252.encode(words);
    let mut bytes =
        b"<html><head><meta http-equiv=content-type content='text/html; charset=iso-8859-1'></head><body><p>".to_vec();
    bytes.extend(latin.iter());
    let mut unnamed = b"<html><body><p>".to_vec();
    unnamed.extend(latin.iter());
    let mut marked = vec![0xFF, 0xFE];
    marked.extend(page("utf-8").encode_utf16().flat_map(u16::to_le_bytes));
    for (name, bytes) in [
        ("utf-8", page("utf-8").into_bytes()),
        ("wrongly named", page("latin1").into_bytes()),
        ("named", bytes),
        ("unnamed", unnamed),
        ("utf-16", marked),
    ] {
        let d = dispatches(&bytes, Format::Auto, &Given::default()).next().unwrap().unwrap();
        assert_eq!(d.text, words, "{name}");
    }
    let russian = "Министерство обороны сообщило о прекращении огня в городе.";
    let (koi, ..) = encoding_rs::KOI8_R.encode(russian);
    let given = Given { charset: Some("koi8-r".to_owned()), ..Given::default() };
    let bytes = [b"<html><body><p>".as_slice(), &koi].concat();
    assert_eq!(dispatches(&bytes, Format::Html, &given).next().unwrap().unwrap().text, russian);
}

#[test]
fn a_page_without_an_article_says_so_and_hostile_ones_end() {
    let problem =
        |page: &str| dispatches(page.as_bytes(), Format::Html, &given()).next().unwrap().unwrap_err().to_string();
    assert!(problem("<html><script>draw()</script></html>").contains("page: has no article text"));
    assert!(problem(" \n").contains("is empty"));
    let mut hostile = vec![
        "<div>".repeat(20_000) + "<p>Two were killed in Azaz, the monitor said.",
        "<b><i><font color=1>".repeat(3_000) + "Two were killed." + &"<p>x".repeat(3_000),
        "<table><tr><td>".repeat(2_000) + "Two were killed.",
        "<a <a <a ".repeat(200_000) + "Two",
        "<".repeat(500_000),
        "<!--".repeat(100_000),
        format!("<script type='application/ld+json'>{}</script><p>Two were killed.", "[".repeat(100_000)),
        "<svg><p><math><mtext>".repeat(2_000) + "Two were killed.",
        "<ul>".repeat(70) + &" \n".repeat(200_000),
        "<div itemprop=datePublished>".repeat(70) + &"x ".repeat(200_000),
        "<table><tr><td>".repeat(70_000),
        "<b>".repeat(350_000),
        "<div class=dek>".repeat(70) + &"x ".repeat(200_000),
        format!("<title>{}</title><p>Two were killed.", "a | b | ".repeat(100_000)),
        format!("<p title='>' {}>Two were killed.", numbered("a", 100_000)),
        numbered("<body a", 50_000).replace(" <body", "><body"),
    ];
    hostile.push(format!("{}{}", "<html><body><p>Two were killed.".repeat(1000), "</p></b></div>".repeat(5_000)));
    for page in &hostile {
        // What comes out matters less than that it comes, on the small stack that tests have.
        let read = dispatches(page.as_bytes(), Format::Html, &given()).next().unwrap();
        assert!(read.is_ok() || read.is_err());
    }
    let deep = dispatches(hostile[0].as_bytes(), Format::Html, &given()).next().unwrap().unwrap();
    assert_eq!(deep.text, "Two were killed in Azaz, the monitor said.");
}

/// `a0=1 a1=1 …`: names that are all different.
fn numbered(name: &str, count: usize) -> String {
    (0..count).map(|n| format!("{name}{n}=1 ")).collect()
}

#[test]
fn the_guard_keeps_what_real_pages_hold() {
    let icons = "<svg><title>A > b</title><path d='M0 0'/><path d='M1 1'/></svg>".repeat(200);
    let page = format!("<!-- <p title=\" -->{icons}<div title='a > b'><b>Two</b> were killed</div>");
    assert!(matches!(guard::bounded(&page), Cow::Borrowed(_)), "icons nest in nothing, comments hold no tags");
    let many = format!("<p title='>' {}>Two", numbered("a", 300));
    assert_eq!(guard::bounded(&many), " <p>Two");
    assert_eq!(guard::bounded("<p>Two <b title='were> killed"), "<p>Two ");
}

#[test]
fn lists_that_are_searched_are_sorted() {
    let w = words::words();
    for (name, list) in [
        ("furniture", &w.classes.furniture),
        ("furniture_names", &w.classes.furniture_names),
        ("article", &w.classes.article),
        ("dek", &w.classes.dek),
        ("furniture_is", &w.phrases.furniture_is),
    ] {
        let wrong = list.windows(2).find(|w| w[0] >= w[1]);
        assert!(wrong.is_none(), "{name}: {wrong:?}");
    }
}
