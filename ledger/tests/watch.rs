//! Feeds, their entries and alerts: what a kill cannot lose or double.

use std::time::Duration;

use jiff::Timestamp;
use ledger::watch::{Channel, Found, NewAlert, NewFeed, Polled, Question};
use ledger::{Filed, Filing, Ledger};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_475_000_000 + second).unwrap()
}

fn found(key: &str, mark: &str) -> Found {
    Found {
        key: key.to_owned(),
        mark: mark.to_owned(),
        link: Some(key.to_owned()),
        title: None,
        entry: "{}".to_owned(),
    }
}

fn filing(id: &str, text: &str) -> Filing {
    let record = serde_json::json!({"id": id, "dispatch": {"text": text, "url": id}});
    let record = ledger::record_from_json(&record.to_string()).unwrap();
    Filing {
        namespace: "wire".to_owned(),
        record,
        original: text.as_bytes().to_vec(),
        media_type: "text/plain",
        replace: false,
    }
}

fn ledger_with_feed() -> (tempfile::TempDir, Ledger, i64) {
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::open_or_create(&folder.path().join("ledger.db")).unwrap();
    let new =
        NewFeed { url: "https://a.example/feed".to_owned(), outlet: Some("Courier".to_owned()), ..NewFeed::default() };
    assert!(ledger.add_feed(&new, at(0)).unwrap());
    assert!(!ledger.add_feed(&new, at(1)).unwrap(), "once");
    let id = ledger.feeds().unwrap()[0].id;
    (folder, ledger, id)
}

#[test]
fn an_entry_is_fetched_once_and_again_when_it_changes() {
    let (_folder, mut ledger, feed) = ledger_with_feed();
    let poll = |marks: &[&str]| Polled {
        etag: Some("one".to_owned()),
        entries: Some(marks.iter().map(|m| found("https://a.example/1", m)).collect()),
        ..Polled::default()
    };
    let hour = Duration::from_secs(3600);
    assert_eq!(ledger.feed_polled(feed, &poll(&["m1"]), hour, at(10)).unwrap(), 1);
    assert_eq!(ledger.feed_polled(feed, &poll(&["m1", "m1"]), hour, at(11)).unwrap(), 0, "the same says nothing new");
    assert!(ledger.due_feeds(at(100)).unwrap().is_empty() && ledger.due_feeds(at(4000)).unwrap().len() == 1);
    let waiting = ledger.waiting_items(at(20), 10).unwrap();
    assert_eq!((waiting.len(), waiting[0].outlet.as_deref()), (1, Some("Courier")));
    let filed = ledger.file_item(waiting[0].id, &[filing("https://a.example/1", "Two died.")], None, at(21)).unwrap();
    assert_eq!(filed, [Filed::New]);
    assert_eq!(ledger.waiting_count().unwrap(), 0);
    assert_eq!(ledger.feed_polled(feed, &poll(&["m2"]), hour, at(30)).unwrap(), 1, "another mark is an update");
    let waiting = ledger.waiting_items(at(31), 10).unwrap();
    let filed = ledger.file_item(waiting[0].id, &[filing("https://a.example/1", "Three died.")], None, at(32)).unwrap();
    assert_eq!(filed, [Filed::Version(2)]);
    // Not modified: the marks stay.
    ledger.feed_polled(feed, &Polled::default(), hour, at(40)).unwrap();
    let health = &ledger.feeds().unwrap()[0];
    assert_eq!((health.etag.as_deref(), health.items, health.failures), (Some("one"), 1, 0));
    assert_eq!(ledger.check().unwrap(), Vec::<String>::new());
}

#[test]
fn failures_are_counted_and_end_with_the_entry_kept() {
    let (_folder, mut ledger, feed) = ledger_with_feed();
    ledger.feed_failed(feed, "the server answers 500", Duration::from_secs(60), at(1)).unwrap();
    ledger.feed_failed(feed, "the server answers 500", Duration::from_secs(120), at(2)).unwrap();
    let health = &ledger.feeds().unwrap()[0];
    assert_eq!((health.failures, health.problem.as_deref()), (2, Some("the server answers 500")));
    assert!(ledger.due_feeds(at(100)).unwrap().is_empty());
    let polled = Polled { entries: Some(vec![found("k", "m")]), ..Polled::default() };
    ledger.feed_polled(feed, &polled, Duration::ZERO, at(200)).unwrap();
    let item = ledger.waiting_items(at(200), 1).unwrap().remove(0);
    ledger.item_failed(item.id, "slow", Duration::from_secs(60), at(201)).unwrap();
    assert!(ledger.waiting_items(at(202), 1).unwrap().is_empty());
    assert_eq!(ledger.waiting_items(at(300), 1).unwrap()[0].attempts, 1);
    assert_eq!(ledger.next_due_after(at(202)).unwrap(), Some(at(261)));
    assert_eq!(ledger.next_due_after(at(261)).unwrap(), None);
    ledger.file_item(item.id, &[], Some("holds nothing"), at(301)).unwrap();
    let health = &ledger.feeds().unwrap()[0];
    assert_eq!((health.failures, health.waiting, health.failed), (0, 0, 1));
    assert!(ledger.remove_feed("https://a.example/feed").unwrap() && !ledger.remove_feed("7").unwrap());
}

#[test]
fn entries_of_hosts_that_rest_hide_no_others() {
    let (_folder, mut ledger, feed) = ledger_with_feed();
    let links =
        ["https://a.example/1", "https://A.example/2", "http://a.example:8080/3", "https://a.example.org/4", "k"];
    let entries = links.iter().map(|link| found(link, "m")).collect();
    let polled = Polled { entries: Some(entries), ..Polled::default() };
    ledger.feed_polled(feed, &polled, Duration::ZERO, at(1)).unwrap();
    let waiting = |limit, hosts: &[&str]| -> Vec<String> {
        let hosts: Vec<String> = hosts.iter().map(|h| (*h).to_owned()).collect();
        let items = ledger.waiting_items_elsewhere(at(2), limit, &hosts).unwrap();
        items.into_iter().filter_map(|i| i.link).collect()
    };
    assert_eq!(waiting(10, &[]), links);
    assert_eq!(waiting(1, &["a.example"]), links[2..3]);
    assert_eq!(waiting(10, &["a.example", "a.example:8080"]), links[3..]);
}

#[test]
fn an_alert_tells_each_thing_once_until_it_is_taken() {
    let (_folder, mut ledger, _) = ledger_with_feed();
    let alert = NewAlert {
        name: "monitor".to_owned(),
        kind: "statement".to_owned(),
        question: Question { actor: Some("monitor".to_owned()), ..Question::default() },
        channel: Channel::Command,
        target: "true".to_owned(),
        secret: None,
    };
    let said = |n: i64| {
        let record = serde_json::json!({"id": format!("s{n}"), "dispatch": {"text": "Two died, the Monitor said."}, "statements": [
            {"id": "s1", "speaker": "Northern Monitor", "content": [{"start": 0, "end": 8, "text": "Two died"}]},
            {"id": "s2", "speaker": "Somebody", "content": [{"start": 0, "end": 3, "text": "Two"}]}]});
        let record = ledger::record_from_json(&record.to_string()).unwrap();
        Filing {
            namespace: "wire".to_owned(),
            record,
            original: vec![n as u8],
            media_type: "text/plain",
            replace: false,
        }
    };
    ledger.file(&[said(1)], at(0)).unwrap();
    assert!(ledger.add_alert(&alert, at(100)).unwrap() && !ledger.add_alert(&alert, at(101)).unwrap());
    assert_eq!(ledger.look_for_alerts(at(102)).unwrap(), 0, "what was read before is not told");
    assert_eq!(ledger.try_alert("statement", &alert.question, 10).unwrap().len(), 1, "but can be tried");
    ledger.file(&[said(2)], at(110)).unwrap();
    assert_eq!(ledger.look_for_alerts(at(111)).unwrap(), 1);
    assert_eq!(ledger.look_for_alerts(at(111)).unwrap(), 0, "once");
    let due = ledger.due_deliveries(at(112), 10).unwrap();
    assert!(due[0].title.starts_with("Northern Monitor says: Two died"), "{}", due[0].title);
    ledger.delivery_failed(due[0].id, "down", Some(Duration::from_secs(60)), at(112)).unwrap();
    assert!(ledger.due_deliveries(at(113), 10).unwrap().is_empty());
    let again = ledger.due_deliveries(at(200), 10).unwrap();
    assert_eq!((again[0].key.as_str(), again[0].attempts), (due[0].key.as_str(), 1));
    ledger.delivery_done(again[0].id, at(201)).unwrap();
    assert_eq!(ledger.delivered(again[0].alert, 10).unwrap().len(), 1);
    let listed = &ledger.alerts().unwrap()[0];
    assert_eq!((listed.delivered, listed.waiting), (1, 0));
    // Every kind of question is well-formed.
    for kind in ["incident", "violation", "toll", "accord", "statement"] {
        let question = Question {
            place: Some("Aleppo".into()),
            actor: Some("army".into()),
            text: Some("x".into()),
            r#type: Some("airstrike".into()),
            status: Some("suspended".into()),
            killed: Some(1),
        };
        assert!(ledger.try_alert(kind, &question, 5).unwrap().is_empty());
    }
}
