//! What agencies' own fields say reaches the dispatch: embargo, correction, kill; and what is broken is named.

use record::{Dispatch, PubStatus};
use wire::{Format, Given, WireError, items, told_apart};

fn read(bytes: &[u8]) -> Vec<Result<Dispatch, WireError>> {
    let given = Given { name: "a.in".to_owned(), ..Given::default() };
    items(bytes, Format::Auto, &given).map(|item| item.map(|received| received.dispatch)).collect()
}

fn one(text: &str) -> Dispatch {
    let mut read = read(text.as_bytes());
    assert_eq!(read.len(), 1);
    read.remove(0).unwrap()
}

fn g2(status: &str, more: &str, body: &str) -> String {
    format!(
        "<newsItem guid='urn:newsml:courier.example:2016:1' version='3' xml:lang='en-GB'><itemMeta><itemClass qcode='ninat:text'/>\
         <provider literal='Harbour Courier'/><versionCreated>2016-03-03T10:00:00+02:00</versionCreated><pubStatus qcode='stat:{status}'/>\
         {more}</itemMeta><contentMeta><slugline>AZAZ-RAID</slugline><headline>Raid on Azaz</headline><dateline>KILIS, Turkey</dateline>\
         </contentMeta><contentSet><inlineXML><html><body>{body}</body></html></inlineXML></contentSet></newsItem>"
    )
}

#[test]
fn a_news_item_gives_every_field() {
    let d = one(&g2(
        "usable",
        "<embargoed>2016-03-03T12:00:00Z</embargoed><edNote>Eds: adds toll.</edNote>",
        "<p>Two people were killed on Monday in a raid on the town, a monitor said.</p><p>More follows.</p>",
    ));
    assert_eq!(
        d.text,
        "Raid on Azaz\n\nKILIS, Turkey — Two people were killed on Monday in a raid on the town, a monitor said.\n\nMore follows."
    );
    assert_eq!((d.id.as_str(), d.outlet.as_deref()), ("urn:newsml:courier.example:2016:1", Some("Harbour Courier")));
    assert_eq!(d.published.map(|p| p.to_string()).as_deref(), Some("2016-03-03"));
    let e = d.editorial.unwrap();
    assert_eq!(
        (e.slugline.as_deref(), e.version.as_deref(), e.status),
        (Some("AZAZ-RAID"), Some("3"), PubStatus::Usable)
    );
    assert_eq!((e.embargo.as_deref(), e.note.as_deref()), (Some("2016-03-03T12:00:00Z"), Some("Eds: adds toll.")));
    assert_eq!(d.dateline.unwrap().place.as_deref(), Some("KILIS, Turkey"));
}

#[test]
fn ritzau_gives_every_field_alone_and_in_its_queue() {
    let item = |id: &str, more: &str| {
        format!(
            "<RBNews><NewsID>{id}</NewsID><PublishDate>2018-01-30T17:32:18.397</PublishDate><strapline>AZAZ/FLASH</strapline><headline \
             nil='true'/><town>Kilis</town><version>2</version>{more}<byLine>A. Writer</byLine><content>&lt;p&gt;To mennesker blev \
             dræbt mandag, siger en observat&#xF8;r.&lt;/p&gt;&lt;p&gt;Mere følger.&lt;/p&gt;</content></RBNews>"
        )
    };
    let d = one(&item("7", "<TilRedaktionen>&lt;p&gt;Ret tallet.&lt;/p&gt;</TilRedaktionen>"));
    assert_eq!(
        d.text,
        "A. Writer\n\nKilis (Ritzau) - To mennesker blev dræbt mandag, siger en observatør.\n\nMere følger."
    );
    assert_eq!((d.id.as_str(), d.agency.as_deref()), ("7", Some("Ritzau")));
    assert_eq!(d.published.map(|p| p.to_string()).as_deref(), Some("2018-01-30"));
    assert_eq!(d.dateline.unwrap().place.as_deref(), Some("Kilis"));
    let e = d.editorial.unwrap();
    assert_eq!((e.slugline.as_deref(), e.version.as_deref()), (Some("AZAZ/FLASH"), Some("2")));
    assert_eq!((e.note.as_deref(), e.status), (Some("Ret tallet."), PubStatus::Usable));

    let queue = format!(
        "<XMLNewsQueuedResponse><ListOfRBNews>{}{}<RBNews><NewsID>9</NewsID></RBNews></ListOfRBNews></XMLNewsQueuedResponse>",
        item("7", "<Korrektion>true</Korrektion>"),
        item("8", "<replacedID>7</replacedID><Annuleret>true</Annuleret>")
    );
    let found = read(queue.as_bytes());
    assert_eq!(found.len(), 3);
    let editorial = |n: usize| found[n].as_ref().unwrap().editorial.clone().unwrap();
    assert!(editorial(0).correction && editorial(0).status == PubStatus::Usable);
    assert_eq!((found[1].as_ref().unwrap().id.as_str(), editorial(1).status), ("7", PubStatus::Killed));
    assert!(found[2].as_ref().unwrap_err().to_string().contains("item 3: \"9\" has no text"), "{:?}", found[2]);
}

#[test]
fn kill_withhold_and_correction_are_told_by_fields_not_by_the_story() {
    let status = |text: &str| one(text).editorial.map(|e| (e.status, e.correction)).unwrap();
    assert_eq!(status(&g2("canceled", "", "<p>Two were killed.</p>")), (PubStatus::Killed, false));
    assert_eq!(status(&g2("withheld", "", "<p>Two were killed.</p>")), (PubStatus::Withheld, false));
    assert_eq!(
        status(&g2("usable", "<edNote>MANDATORY KILL. The story is wrong.</edNote>", "<p>x y</p>")).0,
        PubStatus::Killed
    );
    assert_eq!(
        status(&g2("usable", "<edNote>CORRECTS number in lead.</edNote>", "<p>x y</p>")),
        (PubStatus::Usable, true)
    );
    assert_eq!(status(&g2("usable", "", "<p>Kill them all, he said.</p>")), (PubStatus::Usable, false));
    // An order to kill without the story.
    let bare = one(&g2("canceled", "<edNote>Please kill the raid story.</edNote>", ""));
    assert!(bare.text.contains("Please kill the raid story."), "{}", bare.text);
    let ninjs = "{\"uri\": \"urn:x:1\", \"pubstatus\": \"canceled\", \"headline\": \"Raid\", \"versioncreated\": \"2016-03-03T10:00:00Z\"}";
    assert_eq!(status(ninjs).0, PubStatus::Killed);
    let wire = "\u{1}eca062 4 i 211 ccccb   dpa 061\r\n\nAzaz/\r\n\u{2}KILL\r\nRaid on Azaz =\r\n\n   Kilis (dpa) - Please kill.\r\n\u{3}131137 GMT Nov 13\r\n\u{4}";
    assert_eq!(status(wire).0, PubStatus::Killed);
}

#[test]
fn teleprinter_messages_give_their_parts() {
    let d = one(
        "\u{1}eca062 4 i 211 ccccb   dpa 061\r\n\nAzaz-raid/\r\n\u{2}1ST LEAD\nRaid on Azaz\nBy A. Writer, dpa =\r\n\n   Kilis (dpa) - Two \
         people\r\nwere hurt.\r\n\n   More follows.\r\n\u{3}131137 GMT Nov 13\r\n\u{4}",
    );
    assert_eq!((d.headline.as_deref(), d.agency.as_deref()), (Some("Raid on Azaz"), Some("dpa")));
    assert!(d.text.ends_with("Kilis (dpa) - Two people were hurt.\n\nMore follows."), "{}", d.text);
    let day = d.dateline.unwrap().written.unwrap();
    assert_eq!((day.year, day.month, day.day), (None, 11, 13));
    assert_eq!(d.editorial.unwrap().version.as_deref(), Some("1ST LEAD"));
}

#[test]
fn what_is_broken_names_file_and_place() {
    for (input, place, problem) in [
        ("<nitf>\n<body><p>Two", "a.in, line 2", "inside <p>"),
        ("<newsItem guid='a'>\n</itemMeta></newsItem>", "a.in, line 2", "not well-formed"),
        ("<packageItem guid='a'/>", "a.in", "holds no text"),
        ("\u{1}eca062 4\n\u{2}Raid =\n", "a.in, byte 0", "end of text"),
        ("{\n\"uri\": \"u\",\n\"type\": \"picture\", \"pubstatus\": \"usable\"}", "a.in", "\"picture\", not text"),
        ("<contentSet><p>x</p></contentSet>", "a.in", "<contentset>"),
    ] {
        let results = read(input.as_bytes());
        let error = results[0].as_ref().unwrap_err().to_string();
        assert!(error.starts_with(place) && error.contains(problem), "{input}: {error}");
    }
}

#[test]
fn formats_are_told_apart_by_content() {
    for (input, format) in [
        ("<?xml version='1.0'?><!-- x --><NewsML>", Format::Newsml),
        ("<ns0:newsMessage xmlns:ns0='x'>", Format::Newsml),
        ("<!DOCTYPE nitf SYSTEM 'x'>\n<nitf>", Format::Nitf),
        ("{\"guid\": \"u\", \"versioncreated\": \"x\"}", Format::Ninjs),
        ("{\"id\": \"u\", \"text\": \"x\"}\n{\"id\": \"v\"}", Format::Jsonl),
        ("\u{16}\u{1}x\u{2}y\u{3}", Format::Iptc7901),
        ("\n From: nobody", Format::Text),
        ("From: a@b.example\nDate: Thu, 3 Mar 2016 10:00:00 +0000\nSubject: x\n\ny", Format::Email),
        ("Date: a day\nfrom: words", Format::Email),
        ("WARC/1.0\r\n", Format::Warc),
        ("<!doctype html><p>x", Format::Html),
        ("Two were killed: police said\nFrom: here", Format::Text),
    ] {
        assert_eq!(told_apart(input.as_bytes()), format, "{input}");
    }
}
