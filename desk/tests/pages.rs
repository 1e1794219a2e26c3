//! Every page and every answer of the API, asked in process.

#![allow(missing_docs, clippy::disallowed_methods)]

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use desk::{Added, Adder, Desk};
use jiff::Timestamp;
use ledger::query::Filter;
use ledger::{Filing, Ledger};
use serde_json::{Value, json};
use tower::ServiceExt;

/// What must never reach a browser as markup.
const EVIL: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>";

/// Two dispatches on one raid that differ, and a third with markup in every field.
fn records() -> Vec<(&'static str, Value)> {
    let account = |killed: u64, words: &str, text: &str| {
        let at = text.find(words).map(|b| text[..b].chars().count()).unwrap();
        let span = json!({"start": at, "end": at + words.chars().count(), "text": words});
        json!({
            "dispatch": {"outlet": "Meridian Wire", "headline": text.split('\n').next(), "published": "2016-09-19", "text": text},
            "statements": [{"id": "s1", "speaker": "the monitor", "content": [span], "kind": "indirect", "mode": "claims"}],
            "incidents": [{"id": "i1", "type": "air_strike", "trigger": span, "date_start": "2016-09-19", "date_end": "2016-09-19",
                "place": {"mention": span, "name": "Urem", "admin1": "Aleppo", "country": "SY", "lat": 36.1, "lon": 36.9, "precision": "city"},
                "perpetrators": [{"actor": "the army", "mention": span, "stance": "accuses", "by": "the monitor"}],
                "figures": [{"id": "f1", "measure": "killed", "low": killed, "high": killed, "qualifier": "exact", "group": "people",
                    "by": "outlet", "mention": span}]}],
            "accords": [{"id": "a1", "kind": "ceasefire", "name": "the truce", "mention": span, "parties": ["the army", "the rebels"],
                "status_claims": [{"status": "in_force", "modality": "asserted", "date": "2016-09-12", "by": "outlet", "mention": span},
                    {"status": "violated", "blamed": "the army", "modality": "asserted", "date": "2016-09-19", "by": "the monitor", "mention": span}]}],
        })
    };
    let mut first = account(12, "raid killed 12", "Raid on Urem\n\nA raid killed 12 people, the monitor said. É.");
    first["id"] = json!("one");
    let mut second = account(20, "raid killed 20", "Raid near Urem\n\nA raid killed 20 people, the monitor said.");
    second["id"] = json!("two/../..");
    second["dispatch"]["outlet"] = json!("Harbour Courier");
    let text = format!("{EVIL}\n\n{EVIL} raid killed 12 {EVIL}");
    let mut third = account(12, "raid killed 12", &text);
    third["id"] = json!(EVIL);
    for field in ["outlet", "agency", "headline", "dek", "language"] {
        third["dispatch"][field] = json!(EVIL);
    }
    third["dispatch"]["url"] = json!(format!("javascript:alert(3)//{EVIL}"));
    third["dispatch"]["published"] = json!("2016-09-21");
    third["dispatch"]["notes"] = json!([EVIL]);
    third["dispatch"]["editorial"] = json!({"slugline": EVIL, "version": EVIL, "status": "usable", "embargo": EVIL,
        "correction": false, "note": EVIL});
    third["statements"][0]["speaker"] = json!(EVIL);
    third["incidents"][0]["place"]["name"] = json!(EVIL);
    third["incidents"][0]["place"]["admin1"] = json!(EVIL);
    third["incidents"][0]["perpetrators"][0]["actor"] = json!(EVIL);
    third["incidents"][0]["perpetrators"][0]["by"] = json!(EVIL);
    third["incidents"][0]["figures"][0]["group"] = json!(EVIL);
    third["incidents"][0]["figures"][0]["by"] = json!(EVIL);
    third["accords"][0]["name"] = json!(EVIL);
    third["accords"][0]["parties"] = json!([EVIL, "the rebels"]);
    third["accords"][0]["status_claims"][0]["by"] = json!(EVIL);
    third["accords"][0]["status_claims"][1]["blamed"] = json!(EVIL);
    third["notes"] = json!([EVIL]);
    vec![("wire", first), ("wire", second), (EVIL, third)]
}

struct Served {
    app: Router,
    path: std::path::PathBuf,
    _folder: tempfile::TempDir,
}

fn file(path: &std::path::Path, records: Vec<(&str, Value)>) {
    let filings: Vec<Filing> = records
        .into_iter()
        .map(|(namespace, record)| Filing {
            namespace: namespace.to_owned(),
            record: ledger::record_from_json(&record.to_string()).unwrap(),
            original: record.to_string().into_bytes(),
            media_type: "application/json",
            replace: false,
        })
        .collect();
    Ledger::open_or_create(path).unwrap().file(&filings, Timestamp::UNIX_EPOCH).unwrap();
}

fn served_under(base: &str) -> Served {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    file(&path, records());
    let to = path.clone();
    let adder: Adder = Box::new(move |bytes, given| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        if text.contains("unreadable") {
            return Ok(Added { failed: vec![format!("{}: unreadable {EVIL}", given.name)], ..Added::default() });
        }
        file(&to, vec![("pasted", json!({"id": "new", "dispatch": {"text": text, "outlet": given.outlet}}))]);
        Ok(Added { dispatches: vec![("pasted".into(), "new".into())], new: 1, failed: Vec::new() })
    });
    Served { app: desk::router(Desk::new(&path, base, Some(adder)).unwrap()), path, _folder: folder }
}

struct Got {
    status: StatusCode,
    kind: String,
    location: String,
    policy: String,
    body: String,
}

impl Served {
    async fn ask(&self, request: Request<Body>) -> Got {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let header = |name: header::HeaderName| {
            response.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned()
        };
        let (kind, location, policy) =
            (header(header::CONTENT_TYPE), header(header::LOCATION), header(header::CONTENT_SECURITY_POLICY));
        let status = response.status();
        let bytes = axum::body::to_bytes(response.into_body(), 64 << 20).await.unwrap();
        Got { status, kind, location, policy, body: String::from_utf8_lossy(&bytes).into_owned() }
    }

    async fn get(&self, path: &str) -> Got {
        self.ask(Request::get(path).header(header::HOST, "localhost:8080").body(Body::empty()).unwrap()).await
    }

    fn incident(&self) -> String {
        let ledger = Ledger::open_to_read(&self.path).unwrap();
        let filter = Filter { disputed: true, ..Filter::default() };
        ledger.incidents(&filter).unwrap().remove(0).id
    }

    fn accords(&self) -> Vec<String> {
        let ledger = Ledger::open_to_read(&self.path).unwrap();
        ledger.accords(&Filter::default()).unwrap().into_iter().map(|a| a.id).collect()
    }

    fn actors(&self) -> Vec<String> {
        let ledger = Ledger::open_to_read(&self.path).unwrap();
        ledger.actors(&Filter::default()).unwrap().into_iter().map(|a| a.id).collect()
    }
}

fn encode(text: &str) -> String {
    text.bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

/// Addresses of every page, with the third dispatch's own among them.
fn addresses(s: &Served) -> Vec<String> {
    let mut all: Vec<String> = [
        "/",
        "/?text=raid",
        "/incidents",
        "/incidents?view=map",
        "/incidents?view=timeline",
        "/accords",
        "/actors",
        "/sources",
        "/help",
        "/help/api",
        "/add",
        "/incidents?view=map&look=world",
        "/incidents?view=map&look=36,37,800",
        "/review",
        "/review/log",
        "/review/agreement",
        "/report",
        "/report?whole=1&since=2016-09-01&until=2016-09-30&compare=1",
        "/export",
        "/export?place=Aleppo",
    ]
    .map(str::to_owned)
    .into();
    all.push(format!("/?text={}", encode(EVIL)));
    for field in ["outlet", "place", "actor", "kind"] {
        for page in ["", "incidents", "accords", "export"] {
            all.push(format!("/{page}?{field}={}", encode(EVIL)));
        }
    }
    all.push(format!("/report?place={0}&actor={0}", encode(EVIL)));
    all.push(format!("/review/log?about={0}&who={0}", encode(EVIL)));
    all.push(format!("/review/agreement?a={0}&b={0}", encode(EVIL)));
    all.push(format!("/dispatches/{}:{}", encode(EVIL), encode(EVIL)));
    all.push(format!("/dispatches/wire:{}?words=17-31", encode("two/../..")));
    let ledger = Ledger::open_to_read(&s.path).unwrap();
    let ids: Vec<String> = ledger.incidents(&Filter::default()).unwrap().into_iter().map(|i| i.id).collect();
    all.extend(ids.iter().map(|i| format!("/incidents/{i}?explain=1")));
    all.extend(s.accords().iter().map(|i| format!("/accords/{i}")));
    all.extend(s.actors().iter().map(|i| format!("/actors/{}", encode(i))));
    all
}

#[tokio::test]
async fn every_page_is_whole_and_nothing_in_a_dispatch_becomes_markup() {
    let s = served_under("");
    for address in addresses(&s) {
        let got = s.get(&address).await;
        assert_eq!(got.status, StatusCode::OK, "{address}: {}", got.body);
        assert!(got.kind.starts_with("text/html"), "{address}: {}", got.kind);
        assert!(got.policy.contains("default-src 'none'") && !got.policy.contains("unsafe"), "{address}");
        for evil in ["<script>alert", "<img", "onerror=alert(2)>", "href=\"javascript:", " style=\"", "<style"] {
            assert!(!got.body.contains(evil), "{address} has {evil}");
        }
        for part in ["<html lang=\"en\">", "class=\"skip\"", "<main id=\"main\"", "</html>"] {
            assert!(got.body.contains(part), "{address} lacks {part}");
        }
        assert_eq!(got.body.matches("<h1").count(), 1, "{address} has one first heading");
        // What is embedded is all that is loaded.
        for piece in got.body.split("src=\"").skip(1).chain(got.body.split("rel=\"stylesheet\" href=\"").skip(1)) {
            assert!(piece.starts_with("/assets/"), "{address} loads {}", piece.split('"').next().unwrap_or_default());
        }
        let mut ids: Vec<&str> = got.body.split(" id=\"").skip(1).filter_map(|p| p.split('"').next()).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "{address} gives an id twice");
    }
}

#[tokio::test]
async fn a_search_shows_its_words_and_pages_and_forms_of_the_same_list() {
    let s = served_under("");
    let got = s.get("/?text=%22raid+killed%22").await;
    assert!(got.body.contains("<mark>raid</mark>") || got.body.contains("<mark>raid killed</mark>"), "{}", got.body);
    let got = s.get("/?outlet=Harbour+Courier").await;
    assert!(got.body.contains("Raid near Urem") && !got.body.contains("Raid on Urem"));
    let first = s.get("/?limit=1").await;
    let next = first.body.split("rel=\"next\" href=\"").nth(1).and_then(|p| p.split('"').next()).unwrap();
    let second = s.get(&next.replace("&#38;", "&").replace("&amp;", "&")).await;
    assert_eq!(second.status, StatusCode::OK, "{next}");
    assert!(second.body.contains("rel=\"prev\""));
    let atom = s.get("/news.atom?outlet=Harbour+Courier").await;
    assert!(
        atom.kind.starts_with("application/atom+xml") && atom.body.matches("<entry>").count() == 1,
        "{}",
        atom.body
    );
    for table in ["/dispatches.csv", "/incidents.csv", "/accords.csv", "/actors.csv"] {
        let got = s.get(table).await;
        assert!(got.kind.starts_with("text/csv") && got.body.lines().count() >= 2, "{table}: {}", got.body);
    }
}

#[tokio::test]
async fn every_table_of_the_ledger_can_be_exported() {
    let s = served_under("");
    let page = s.get("/export?place=Urem").await;
    assert!(page.body.contains("/export/csv?table=figures&amp;place=Urem"), "{}", page.body);
    let figures = s.get("/export/csv?table=figures&place=Urem").await;
    assert_eq!(figures.status, StatusCode::OK);
    assert!(
        figures.body.starts_with("incident_id,account_id,") && figures.body.contains("raid killed 20"),
        "{}",
        figures.body
    );
    assert!(s.get("/export/csv").await.body.starts_with("id,type,"), "incidents where no table is named");
    assert_eq!(s.get("/export/csv?table=nothing").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_dispatch_marks_what_was_read_and_keeps_its_original() {
    let s = served_under("");
    let got = s.get("/dispatches/wire:one?words=16-30").await;
    for part in [
        "id=\"w-s1\"",
        "href=\"#w-i1\"",
        "l-figure",
        "l-incident",
        "l-act",
        "id=\"words\"",
        "asked",
        "12 people killed",
    ] {
        assert!(got.body.contains(part), "lacks {part}: {}", got.body);
    }
    let original = s.get("/dispatches/wire:one/versions/1/original").await;
    assert_eq!(original.kind, "application/octet-stream");
    assert!(original.body.contains("\"headline\":\"Raid on Urem\""));
    assert_eq!(s.get("/dispatches/wire:one/versions/9/original").await.status, StatusCode::NOT_FOUND);
    file(
        &s.path,
        vec![(
            "wire",
            json!({"id": "one", "dispatch": {"text": "Raid on Urem\n\nA raid killed 14 people, the monitor said. É."}}),
        )],
    );
    let compared = s.get("/dispatches/wire:one?compare=1-2").await;
    assert!(compared.body.contains("<del>12 </del>") && compared.body.contains("<ins>14 </ins>"), "{}", compared.body);
}

#[tokio::test]
async fn the_matrix_sets_rival_numbers_side_by_side_with_their_words() {
    let s = served_under("");
    let id = s.incident();
    let got = s.get(&format!("/incidents/{id}")).await;
    for part in [
        "12 people",
        "20 people",
        "Meridian Wire itself",
        "Harbour Courier itself",
        "the army (accuses)",
        "differs",
        "<svg",
    ] {
        assert!(got.body.contains(part), "lacks {part}");
    }
    assert!(got.body.contains("/dispatches/wire:one?words=16-30#words"), "{}", got.body);
    let csv = s.get(&format!("/incidents/{id}/matrix.csv")).await;
    assert!(csv.body.contains("Harbour Courier itself,Killed,20 people,raid killed 20"), "{}", csv.body);
    let accord = s.accords().remove(0);
    let got = s.get(&format!("/accords/{accord}")).await;
    for part in ["in force", "told by an outlet as fact", "blames the army", "violated"] {
        assert!(got.body.contains(part), "lacks {part}: {}", got.body);
    }
    assert!(s.get(&format!("/accords/{accord}/claims.csv")).await.body.contains("violated"));
}

#[tokio::test]
async fn a_map_is_looked_at_from_near_and_far_and_every_picture_has_its_table() {
    let s = served_under("");
    let near = s.get("/incidents?view=map").await.body;
    for part in ["class=\"looks\"", ">World</a>", ">Nearer</a>", "Syria (", "/incidents.csv?", "<title>air strike at"] {
        assert!(near.contains(part), "lacks {part}: {near}");
    }
    // Each link of the map's views leads to a map.
    let looks = near.split("<nav class=\"looks\"").nth(1).and_then(|n| n.split("</nav>").next()).unwrap();
    let links: Vec<&str> = looks.split("href=\"").skip(1).filter_map(|p| p.split('"').next()).collect();
    assert!(links.len() >= 4, "{links:?}");
    for link in links {
        let got = s.get(&link.replace("&#38;", "&").replace("&amp;", "&")).await;
        assert!(got.status == StatusCode::OK && got.body.contains("class=\"looks\""), "{link}");
    }
    let id = s.incident();
    let page = s.get(&format!("/incidents/{id}")).await.body;
    for table in ["matrix", "places", "killed"] {
        assert!(page.contains(&format!("/incidents/{id}/{table}.csv")), "no link to {table}");
        let got = s.get(&format!("/incidents/{id}/{table}.csv")).await;
        assert!(got.kind.starts_with("text/csv") && got.body.lines().count() >= 2, "{table}: {}", got.body);
    }
    assert_eq!(s.get(&format!("/incidents/{id}/injured.csv")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(s.get(&format!("/incidents/{id}/other.csv")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_page_tells_what_changed_and_an_accord_its_terms() {
    let s = served_under("");
    let id = s.incident();
    let mut corrected = records().remove(0).1;
    let text = corrected
        .to_string()
        .replace("raid killed 12", "raid killed 15")
        .replace("A raid killed 12", "A raid killed 15");
    corrected = serde_json::from_str(&text).unwrap();
    for end in ["low", "high"] {
        corrected["incidents"][0]["figures"][0][end] = json!(15);
    }
    file(&s.path, vec![("wire", corrected)]);
    let page = s.get(&format!("/incidents/{id}")).await.body;
    let history = page.split("id=\"h-history\"").nth(1).unwrap();
    assert!(history.contains("new incident") && history.contains("killed") && history.contains("15"), "{history}");
    let accord = s.accords().remove(0);
    let page = s.get(&format!("/accords/{accord}")).await.body;
    let told = page.split("id=\"h-told\"").nth(1).unwrap();
    for part in ["<dt>parties</dt>", "the army; the rebels", "/dispatches/wire:one", "id=\"h-history\""] {
        assert!(told.contains(part), "lacks {part}: {told}");
    }
}

#[tokio::test]
async fn what_a_list_is_narrowed_by_counts_what_the_desk_itself_files() {
    let s = served_under("");
    assert!(!s.get("/").await.body.contains("North Post ("));
    let got = s.ask(form("/api/v1/dispatches?outlet=North+Post", "text/plain", "Shells fell.", "none")).await;
    assert_eq!(got.status, StatusCode::OK);
    assert!(s.get("/").await.body.contains(">North Post (1)</option>"));
}

#[tokio::test]
async fn what_is_not_there_is_said_so_kindly() {
    let s = served_under("");
    for address in [
        "/nothing",
        "/dispatches/none",
        "/incidents/none",
        "/accords/none",
        "/actors/none",
        "/assets/none.js",
        "/assets/..%2F..%2FCargo.toml",
        "/assets/%2E%2E/Cargo.toml",
        "/dispatches/..%2F..%2Fetc%2Fpasswd",
        "/dispatches/wire:one/versions/0/original",
        "/incidents/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    ] {
        let got = s.get(address).await;
        assert_eq!(got.status, StatusCode::NOT_FOUND, "{address}");
        assert!(
            got.body.contains("<h1>Not found</h1>") && !got.body.contains("<script>alert"),
            "{address}: {}",
            got.body
        );
    }
    for address in [
        "/?since=yesterday",
        "/incidents?view=globe",
        "/incidents?view=map&look=moon",
        "/incidents?view=map&look=1,2",
        "/incidents?view=map&look=91,0,500",
        "/incidents?view=map&look=NaN,0,500",
        "/?limit=0",
        "/?limit=9999",
        "/?cursor=zz",
        "/actors/%FF",
        "/?text=%00",
    ] {
        let got = s.get(address).await;
        assert_eq!(got.status, StatusCode::BAD_REQUEST, "{address}: {}", got.body);
        assert!(got.kind.starts_with("text/html"), "{address}");
    }
}

#[tokio::test]
async fn every_answer_of_the_api_is_described_and_errors_have_one_shape() {
    let s = served_under("");
    let doc: Value = serde_json::from_str(&s.get("/api/v1/openapi.json").await.body).unwrap();
    let (incident, accord, actor) = (s.incident(), s.accords().remove(0), encode(&s.actors()[0]));
    let paths = doc["paths"].as_object().unwrap();
    assert!(paths.len() >= 11, "{paths:?}");
    for path in paths.keys() {
        let id = match path.split('/').nth(1) {
            Some("dispatches") => "wire:one",
            Some("incidents") => &incident,
            Some("accords") => &accord,
            _ => &actor,
        };
        let address = format!("/api/v1{}", path.replace("{id}", id));
        let got = s.get(&address).await;
        assert_eq!(got.status, StatusCode::OK, "{address}: {}", got.body);
        let answer: Value = serde_json::from_str(&got.body).unwrap();
        // Each key of an answer is a property of its described shape.
        let schema = &doc["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        let Some(name) = schema["$ref"].as_str().and_then(|r| r.rsplit('/').next()) else { continue };
        let mut pairs = vec![(name.to_owned(), answer)];
        while let Some((name, value)) = pairs.pop() {
            let shape = &doc["components"]["schemas"][&name];
            for (key, value) in value.as_object().unwrap() {
                let described = &shape["properties"][key];
                assert!(!described.is_null(), "{address}: {name} does not describe {key}");
                let of = |v: &Value| v["$ref"].as_str().and_then(|r| r.rsplit('/').next()).map(str::to_owned);
                if let Some(inner) = of(described) {
                    pairs.push((inner, value.clone()));
                } else if let (Some(inner), Some(rows)) = (of(&described["items"]), value.as_array()) {
                    pairs.extend(rows.iter().map(|row| (inner.clone(), row.clone())));
                }
            }
        }
    }
    for (address, status) in [
        ("/api/v1/nothing", 404),
        ("/api/v1/incidents/none", 404),
        ("/api/v1/dispatches?since=x", 400),
        ("/api/v1/incidents?cursor=00", 400),
        ("/api/v1/actors/%FF", 400),
        ("/api/v1/disputes?limit=-1", 400),
    ] {
        let got = s.get(address).await;
        let error: Value = serde_json::from_str(&got.body).unwrap();
        assert_eq!(
            (got.status.as_u16(), error["error"]["status"].as_u64()),
            (status, Some(u64::from(status))),
            "{address}"
        );
        assert!(error["error"]["detail"].as_str().is_some_and(|d| !d.is_empty()), "{address}: {}", got.body);
    }
    let refused = s
        .ask(Request::delete("/api/v1/incidents").header(header::HOST, "localhost:8080").body(Body::empty()).unwrap())
        .await;
    assert_eq!((refused.status, refused.kind.as_str()), (StatusCode::METHOD_NOT_ALLOWED, "application/json"));
}

fn form(path: &str, kind: &str, body: &str, site: &str) -> Request<Body> {
    Request::post(path)
        .header(header::CONTENT_TYPE, kind)
        .header(header::HOST, "localhost:8080")
        .header("sec-fetch-site", site)
        .body(Body::from(body.to_owned()))
        .unwrap()
}

#[tokio::test]
async fn a_pasted_dispatch_is_read_and_searches_are_kept() {
    let s = served_under("");
    let kind = "multipart/form-data; boundary=B";
    let part =
        |name: &str, value: &str| format!("--B\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let body = format!("{}{}--B--\r\n", part("words", "Shells fell on the town."), part("outlet", "North Post"));
    let got = s.ask(form("/add", kind, &body, "same-origin")).await;
    assert_eq!((got.status, got.location.as_str()), (StatusCode::SEE_OTHER, "/dispatches/pasted:new"));
    assert!(s.get("/dispatches/pasted:new").await.body.contains("Shells fell on the town."));
    let bad = format!("{}--B--\r\n", part("words", "unreadable"));
    let got = s.ask(form("/add", kind, &bad, "same-origin")).await;
    assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(got.body.contains("unreadable") && !got.body.contains("<script>alert"));
    assert_eq!(s.ask(form("/add", kind, "--B--\r\n", "same-origin")).await.status, StatusCode::BAD_REQUEST);

    let keep = "name=Urem+raids&query=text%3Draid";
    let kind = "application/x-www-form-urlencoded";
    assert_eq!(s.ask(form("/searches", kind, keep, "same-origin")).await.location, "/?text=raid");
    assert!(s.get("/").await.body.contains(">Urem raids</a>"));
    // Another site's form is refused, whatever it asks.
    for path in ["/searches", "/searches/1/forget", "/add", "/api/v1/dispatches"] {
        assert_eq!(s.ask(form(path, kind, keep, "cross-site")).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    s.ask(form("/searches/1/forget", kind, "", "same-origin")).await;
    assert!(!s.get("/").await.body.contains(">Urem raids</a>"));

    let got = s.ask(form("/api/v1/dispatches?outlet=North+Post", "text/plain", "Shells fell again.", "none")).await;
    assert_eq!(
        (got.status, got.body.as_str()),
        (StatusCode::OK, r#"{"dispatches":["pasted:new"],"new":1,"failed":[]}"#)
    );
    let large = "x".repeat((32 << 20) + 1);
    assert_eq!(
        s.ask(form("/api/v1/dispatches", "text/plain", &large, "none")).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}

#[tokio::test]
async fn under_a_path_every_link_stays_below_it() {
    let s = served_under("/desk");
    for address in addresses(&s) {
        let got = s.get(&format!("/desk{address}")).await;
        assert_eq!(got.status, StatusCode::OK, "{address}");
        for link in got.body.split("href=\"").skip(1).filter_map(|p| p.split('"').next()) {
            let outside =
                link.starts_with('/') && link != "/desk" && !link.starts_with("/desk/") && !link.starts_with("/desk?");
            assert!(!outside, "{address} links to {link}");
        }
    }
}
