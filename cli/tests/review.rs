//! People's decisions through the command, over the example wire: each is made, shows, is logged and can be undone.
#![allow(clippy::disallowed_methods)] // tests lay out files

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// A ledger of the example wire.
struct Desk {
    _folder: tempfile::TempDir,
    ledger: String,
}

impl Desk {
    fn filled() -> Desk {
        let folder = tempfile::tempdir().unwrap();
        let ledger = folder.path().join("wire.db").to_str().unwrap().to_owned();
        let desk = Desk { _folder: folder, ledger };
        let wire = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/september-2016.jsonl");
        desk.good(&["add", wire.to_str().unwrap()]);
        desk
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
        command.args(args).args(["--ledger", &self.ledger]).env("NO_COLOR", "1").output().unwrap()
    }

    /// What a command prints that must succeed.
    fn good(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// What a command that must fail complains of.
    fn bad(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {}", String::from_utf8_lossy(&output.stdout));
        String::from_utf8(output.stderr).unwrap()
    }

    fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.good(&[args, &["--to", "json"]].concat())).unwrap()
    }

    /// Decides as Amal; the decision's id.
    fn decide(&self, args: &[&str]) -> (String, String) {
        let said = self.good(&[&["review"], args, &["--as", "Amal"]].concat());
        (said.split_whitespace().next().unwrap().to_owned(), said)
    }

    fn incident(&self, that: impl Fn(&Value) -> bool) -> Value {
        let all = self.json(&["incidents"]);
        all.as_array().unwrap().iter().find(|i| that(i)).unwrap_or_else(|| panic!("no such incident in {all}")).clone()
    }

    fn named(&self, id: &str) -> Option<Value> {
        self.json(&["incidents"]).as_array().unwrap().iter().find(|i| i["id"] == id).cloned()
    }

    /// All that the lists say. Statements of one day are listed in the order in which they came in, a decision's anew.
    fn lists(&self) -> Vec<Vec<Value>> {
        let sorted = |list: &str| {
            let mut rows = self.json(&[list]).as_array().unwrap().clone();
            rows.sort_by_key(Value::to_string);
            rows
        };
        ["dispatches", "statements", "incidents", "accords", "disputes"].map(sorted).into()
    }
}

fn id(item: &Value) -> &str {
    item["id"].as_str().unwrap()
}

fn accounts(incident: &Value) -> Vec<&str> {
    incident["accounts"].as_array().unwrap().iter().map(id).collect()
}

fn marks(incident: &Value) -> Vec<&str> {
    incident["decided"].as_array().map(|m| m.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

/// `namespace:dispatch#item` of an incident's first account.
fn address(incident: &Value) -> String {
    let account = &incident["accounts"][0];
    let text = |key: &str| account[key].as_str().unwrap();
    format!("{}:{}#{}", text("namespace"), text("dispatch"), text("incident"))
}

#[test]
fn accepting_and_rejecting_show_and_are_undone() {
    let desk = Desk::filled();
    let before = desk.lists();
    let alone = desk.incident(|i| accounts(i).len() == 1 && i["killed_low"].is_u64());
    let other = desk.incident(|i| accounts(i).len() == 1 && id(i) != id(&alone));

    let (_, said) = desk.decide(&["accept", id(&alone)]);
    assert!(said.contains(&format!("Amal accepted incident {}", id(&alone))), "{said}");
    assert_eq!(marks(&desk.named(id(&alone)).unwrap()), ["accepted"]);
    assert!(desk.good(&["incidents"]).lines().any(|l| l.starts_with(id(&alone)) && l.ends_with("accepted")));

    let (_, said) = desk.decide(&["reject", id(&other), "--why", "a training"]);
    assert!(said.contains("it counts no more"), "{said}");
    assert_eq!(desk.named(id(&other)), None);

    // The latest of hers first, then the one that is named.
    let said = desk.good(&["undo", "--as", "Amal"]);
    assert!(said.contains(&format!("(reject {})", id(&other))), "{said}");
    assert!(desk.named(id(&other)).is_some());
    let accepted = desk.json(&["log", id(&alone)]);
    desk.good(&["undo", id(&accepted[0]), "--as", "Bea"]);
    assert_eq!(desk.lists(), before);
    assert!(desk.bad(&["undo", "--as", "Amal"]).contains("no decision that stands"));
    assert_eq!(desk.json(&["log"]).as_array().unwrap().len(), 4, "decisions and undoings stay in the log");
    desk.good(&["check"]);
}

#[test]
fn an_edited_number_and_place_are_shown_with_what_the_reader_had() {
    let desk = Desk::filled();
    let before = desk.lists();
    let toll = desk.incident(|i| accounts(i).len() == 1 && i["killed_low"].is_u64() && i["lat"].is_f64());
    let page = desk.json(&["show", id(&toll)]);
    let figures = page["incident"]["accounts"][0]["figures"].as_array().unwrap().clone();
    let part = id(figures.iter().find(|f| f["measure"] == "killed").unwrap()).to_owned();
    let (_, said) = desk.decide(&["edit", &part, "number=1234", "--why", "the list has more names"]);
    assert!(said.contains("to 1234 (the reader had "), "{said}");
    let edited = desk.named(id(&toll)).unwrap();
    assert_eq!((&edited["killed_high"], marks(&edited)), (&Value::from(1234), vec!["edited"]));

    // Another place has coordinates of its own, and the answer says which place was taken.
    let place = if toll["place"] == "Damascus" { "Aleppo" } else { "Damascus" };
    let (decision, said) = desk.decide(&["edit", id(&toll), &format!("place={place}")]);
    assert!(said.contains("it lies at 3"), "{said}");
    let moved = desk.named(id(&toll)).unwrap();
    assert_eq!((&moved["place"], &moved["country"]), (&Value::from(place), &Value::from("SY")));
    assert!(moved["lat"].is_f64() && moved["lat"] != toll["lat"], "{moved}");
    assert!(moved["geonames_id"].is_u64() && moved["geonames_id"] != toll["geonames_id"], "{moved}");
    desk.good(&["undo", &decision, "--as", "Amal"]);

    let (_, said) = desk.decide(&["edit", id(&toll), "place=Marqash Zzyx"]);
    assert!(said.contains("no coordinates"), "{said}");
    assert!(desk.named(id(&toll)).unwrap()["lat"].is_null());

    let said = desk.bad(&["review", "edit", &part, "colour=red", "--as", "Amal"]);
    assert!(said.contains("colour is no field of a figure") && said.contains("number"), "{said}");
    desk.good(&["undo", "--as", "Amal"]);
    desk.good(&["undo", "--as", "Amal"]);
    assert_eq!(desk.lists(), before);
    desk.good(&["check"]);
}

#[test]
fn incidents_are_merged_split_and_told_apart() {
    let desk = Desk::filled();
    let before = desk.lists();
    // Told by two sources: copies of one text go together.
    let first = desk.incident(|i| accounts(i).len() > 1 && i["sources"] == accounts(i).len());
    let second = desk.incident(|i| accounts(i).len() == 1 && id(i) != id(&first));

    let (merge, said) = desk.decide(&["merge", id(&first), id(&second)]);
    assert!(said.contains("now: "), "{said}");
    let whole = desk.incident(|i| accounts(i).contains(&id(&first)) && accounts(i).contains(&id(&second)));
    assert_eq!(accounts(&whole).len(), accounts(&first).len() + 1);
    assert_eq!(marks(&whole), ["merged"]);
    desk.good(&["undo", &merge, "--as", "Amal"]);
    assert_eq!(desk.lists(), before);

    let out = *accounts(&first).iter().find(|a| **a != id(&first)).unwrap();
    desk.decide(&["split", id(&first), out, "--why", "another raid"]);
    assert_eq!(accounts(&desk.named(id(&first)).unwrap()).len(), accounts(&first).len() - 1);
    assert!(desk.named(out).is_some_and(|i| marks(&i) == ["split"]));
    desk.good(&["undo", "--as", "Amal"]);

    let (_, said) = desk.decide(&["not-same", id(&first), id(&second)]);
    assert!(said.contains("apart"), "{said}");
    assert!(marks(&desk.named(id(&second)).unwrap()).contains(&"told apart"));
    desk.good(&["undo", "--as", "Amal"]);
    assert_eq!(desk.lists(), before);
    desk.good(&["check"]);
}

#[test]
fn what_the_reader_missed_is_added_by_its_words() {
    let desk = Desk::filled();
    let toll = desk.incident(|i| accounts(i).len() == 1 && i["killed_low"].is_u64());
    let dispatch = address(&toll).split('#').next().unwrap().to_owned();
    let trigger = desk.json(&["show", id(&toll)])["incident"]["accounts"][0]["trigger"].as_str().unwrap().to_owned();

    let set = ["type=shelling", "place=Aleppo", "date=2016-09-21"];
    let (_, said) = desk.decide(&[&["add", &dispatch, "incident", "--words", &trigger][..], &set[..]].concat());
    assert!(said.contains("added an incident") && said.contains("it is "), "{said}");
    let added = desk.incident(|i| marks(i) == ["added"]);
    assert_eq!((&added["type"], &added["date_start"]), (&Value::from("shelling"), &Value::from("2016-09-21")));
    assert!(added["lat"].is_f64(), "a place that a person names has coordinates: {added}");

    let (_, said) = desk.decide(&["add", id(&added), "figure", "--words", &trigger, "measure=injured", "number=77"]);
    assert!(said.contains("added a figure"), "{said}");
    assert_eq!(desk.named(id(&added)).unwrap()["injured_high"], 77);

    let statements = desk.json(&["statements"]).as_array().unwrap().len();
    desk.decide(&["add", &dispatch, "statement", "--words", &trigger, "speaker=a nurse"]);
    assert_eq!(desk.json(&["statements"]).as_array().unwrap().len(), statements + 1);
    assert_eq!(desk.json(&["statements", "--actor", "a nurse"])[0]["decided"][0], "added");

    let said = desk.bad(&["review", "add", &dispatch, "incident", "--words", "no such words here", "--as", "Amal"]);
    assert!(said.contains("no such words here"), "{said}");
    let said = desk.bad(&["review", "add", &dispatch, "poem", "--words", &trigger, "--as", "Amal"]);
    assert!(said.contains("poem: is no kind of item"), "{said}");
    for _ in 0..3 {
        desk.good(&["undo", "--as", "Amal"]);
    }
    assert!(desk.json(&["incidents"]).as_array().unwrap().iter().all(|i| marks(i).is_empty()));
    desk.good(&["check"]);
}

#[test]
fn notes_the_queue_and_the_log_tell_who_did_what() {
    let desk = Desk::filled();
    let incident = desk.incident(|i| i["disputed"].as_array().is_some_and(|d| !d.is_empty()));
    let (note, said) = desk.decide(&["note", id(&incident), "see the inquiry of 21 December"]);
    assert!(said.contains("see the inquiry of 21 December"), "{said}");
    let log = desk.json(&["log", id(&incident)]);
    assert_eq!((id(&log[0]), &log[0]["action"], &log[0]["by"]), (note.as_str(), &"note".into(), &"Amal".into()));
    assert!(desk.good(&["log", "--by", "Amal"]).contains(&note));
    assert!(!desk.good(&["log", "--by", "Bea"]).contains(&note));
    assert!(marks(&desk.named(id(&incident)).unwrap()).is_empty(), "a note decides nothing");

    let queue = desk.json(&["review", "--need", "dispute"]);
    let key = queue["items"].as_array().unwrap().iter().find(|i| i["id"] == incident["id"]).unwrap()["key"].clone();
    let key = key.as_str().unwrap();
    desk.decide(&["take", key]);
    assert!(desk.bad(&["review", "take", key, "--as", "Bea"]).contains("Amal works on it"));
    assert!(desk.good(&["review", "--taken-by", "Amal"]).contains(id(&incident)));
    assert!(!desk.good(&["review", "--need", "dispute", "--free"]).contains(&format!("{}  ", id(&incident))));
    desk.decide(&["give-back", key]);
    assert!(desk.bad(&["review", "give-back", key, "--as", "Amal"]).contains("has not taken it on"));

    // What is accepted waits no more; pages of one row are the queue.
    desk.decide(&["accept", id(&incident)]);
    let all = desk.json(&["review", "--limit", "500"]);
    assert!(all["items"].as_array().unwrap().iter().all(|i| i["key"] != key));
    let (mut pages, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let page = match &cursor {
            None => desk.json(&["review", "--limit", "7"]),
            Some(c) => desk.json(&["review", "--limit", "7", "--cursor", c]),
        };
        pages.extend(page["items"].as_array().unwrap().iter().map(|i| i["key"].clone()));
        match page["next"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => break,
        }
    }
    let keys: Vec<Value> = all["items"].as_array().unwrap().iter().map(|i| i["key"].clone()).collect();
    assert_eq!(pages, keys);
}

#[test]
fn two_reviewers_are_compared_and_words_are_redacted() {
    let desk = Desk::filled();
    let all = desk.json(&["incidents"]);
    let some: Vec<&Value> = all.as_array().unwrap().iter().filter(|i| accounts(i).len() == 1).take(4).collect();
    for (n, incident) in some.iter().enumerate() {
        desk.decide(&[if n == 0 { "reject" } else { "accept" }, id(incident)]);
        desk.good(&["undo", "--as", "Amal"]);
        desk.decide(&["accept", id(incident)]);
        desk.good(&["review", if n == 1 { "reject" } else { "accept" }, id(incident), "--as", "Bea"]);
    }
    let compared = desk.json(&["review", "agreement", "--as", "Amal", "--and", "Bea"]);
    assert_eq!((&compared["both"], &compared["agreed"]), (&4.into(), &3.into()), "{compared}");
    assert_eq!(compared["percent"], 75.0);
    let shown = desk.good(&["review", "agreement", "--as", "Amal", "--and", "Bea"]);
    assert!(shown.contains("75") && shown.contains("kappa"), "{shown}");

    let statements = desk.json(&["statements"]);
    let long = |s: &&Value| s["content"].as_str().is_some_and(|c| c.len() > 30 && !c.contains(['…', '"', '\n']));
    let first = statements.as_array().unwrap().iter().find(long).unwrap();
    let dispatch = format!("{}:{}", first["namespace"].as_str().unwrap(), first["dispatch"].as_str().unwrap());
    let words = first["content"].as_str().unwrap().to_owned();
    let phrase = format!("\"{words}\"");
    let found = |desk: &Desk| desk.json(&["dispatches", "--text", &phrase]).as_array().unwrap().len();
    assert!(found(&desk) > 0);
    let redact = ["redact", &dispatch, "--words", &words, "--everywhere", "--as", "Amal", "--why", "a witness"];
    assert!(desk.bad(&redact).contains("--yes"));
    desk.good(&[&redact[..], &["--yes"]].concat());
    assert_eq!(found(&desk), 0);
    assert!(desk.good(&["log"]).contains("Amal redacted words of"));
    assert!(desk.bad(&["undo", "--as", "Amal", "nosuch"]).contains("no decision goes by this id"));
    desk.good(&["check"]);
}

#[test]
fn what_is_not_there_is_named() {
    let desk = Desk::filled();
    for command in ["accept", "reject"] {
        let said = desk.bad(&["review", command, "nosuch", "--as", "Amal"]);
        assert!(said.contains("nosuch: nothing in the ledger goes by this id"), "{said}");
    }
    assert!(desk.bad(&["review", "accept", "nosuch", "--as", " "]).contains("say who decides"));
    let output = desk.run(&["review", "accept"]);
    assert_eq!(output.status.code(), Some(2));
}
