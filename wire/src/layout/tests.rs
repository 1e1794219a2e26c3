//! Pages of our own, and what their parts are.

use super::*;

/// The blocks of a text, one a line: kind and first words.
fn shape(text: &str, title: Option<&str>) -> String {
    let page = lay_out(text, title);
    let line = |b: &Block| {
        let words: Vec<&str> = text[b.bytes.clone()].split_whitespace().take(3).collect();
        format!("{:?} {}\n", b.kind, words.join(" "))
    };
    page.blocks.iter().map(line).collect()
}

fn check(text: &str, title: Option<&str>, expected: &[&str]) {
    assert_eq!(shape(text, title), expected.iter().map(|l| format!("{l}\n")).collect::<String>(), "of {text:?}");
}

const STORY: &str = "All news\n\nKerry: talks close to an end\n\nThe secretary says there is \"another way\"\n\n\
    GENEVA, September 29. /Meridian/. The talks are about to end, John Kerry said on Thursday.\n\n\
    \"We are very close to it,\" he said.\n\nThe September deal\n\nOn September 10, both sides agreed on a package of five papers.\n\n\
    Follow us\n\nRelated news\n\nTruce holds in Homs\n\nEnvoy flies home";

#[test]
fn a_web_page_of_an_agency() {
    let expected = [
        "Furniture All news",
        "Headline Kerry: talks close",
        "Dek The secretary says",
        "Dateline GENEVA, September 29.",
        "Paragraph The talks are",
        "Paragraph \"We are very",
        "Heading The September deal",
        "Paragraph On September 10,",
        "Furniture Follow us",
        "Furniture Related news",
        "Furniture Truce holds in",
        "Furniture Envoy flies home",
    ];
    check(STORY, None, &expected);
    check(STORY, Some("Kerry: talks close to an end"), &expected);
    // The same with one line a paragraph.
    check(&STORY.replace("\n\n", "\n"), None, &expected);
    check(&STORY.replace("\n\n", "\r\n"), None, &expected);
    let page = lay_out(STORY, None);
    assert_eq!(page.headline.as_deref(), Some("Kerry: talks close to an end"));
    assert_eq!(page.dek.as_deref(), Some("The secretary says there is \"another way\""));
    assert_eq!(page.sections.len(), 2);
    assert_eq!(page.sections[1].heading.as_ref().map(|h| h.text.as_str()), Some("The September deal"));
    assert_eq!(page.agency.as_deref(), Some("Meridian"));
}

#[test]
fn a_newspaper_with_byline_captions_and_date_line() {
    let text = "At least 14 dead in market shelling, monitor says\n\nBy a correspondent of the Harbour Courier\n\n\
        Published July 3, 2016\n\nA man walks past ruins in Jayrud. (A. Writer/Harbour Courier/File)\n\n\
        BEIRUT, 3 July 2016 (Harbour Courier) - At least 14 people were killed on Saturday, a monitor said.\n\n\
        Advertisement\n\nNO WAY OUT\n\nResidents said the truce was over.\n\n(Reporting by A. Writer; editing by B. Reader)";
    check(
        text,
        None,
        &[
            "Headline At least 14",
            "Byline By a correspondent",
            "Furniture Published July 3,",
            "Caption A man walks",
            "Dateline BEIRUT, 3 July",
            "Paragraph At least 14",
            "Furniture Advertisement",
            "Heading NO WAY OUT",
            "Paragraph Residents said the",
            "Byline (Reporting by A.",
        ],
    );
    let page = lay_out(text, None);
    assert_eq!(page.published.map(|d| d.to_string()).as_deref(), Some("2016-07-03"));
    assert_eq!(page.dateline.and_then(|d| d.date).map(|d| d.to_string()).as_deref(), Some("2016-07-03"));
}

#[test]
fn a_title_at_the_head_of_the_line_or_said_a_little_otherwise() {
    let rest = "Two people were killed in Azaz on Monday, a monitor said. The truce is over.";
    check(
        &format!("Raid kills two {rest}"),
        Some("Raid kills two"),
        &["Headline Raid kills two", "Paragraph Two people were"],
    );
    check(
        &format!("Raid kills, wounds two.\n{rest}"),
        Some("Raid kills wounds two"),
        &["Headline Raid kills, wounds", "Paragraph Two people were"],
    );
    check(rest, Some("Two people"), &["Paragraph Two people were"]);
    check(rest, None, &["Paragraph Two people were"]);
}

#[test]
fn hard_wrapped_agency_text() {
    let text = "    KILIS, Turkey, March 3 - Rebels shelled a market in the north of the\n\
        city on Friday and killed three people, a monitor said, in the first\n\
        breach of a truce that was agreed a week ago.\n    The army denied it. A spokesman said that its guns had been silent for\n\
        days.\n Reuter\n";
    check(
        text,
        None,
        &["Dateline KILIS, Turkey, March", "Paragraph Rebels shelled a", "Paragraph The army denied", "Byline Reuter"],
    );
    assert_eq!(lay_out(text, None).agency.as_deref(), Some("Reuters"));
}

#[test]
fn a_short_first_sentence_is_no_headline() {
    let text = "Two people were killed.\n\nThe army said on Monday that it had not fired a shot at the town since the truce began.";
    check(text, None, &["Paragraph Two people were", "Paragraph The army said"]);
    check("Two people killed", None, &["Paragraph Two people killed"]);
}
