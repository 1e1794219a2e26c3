//! Who gets in, and who may do what.

#![allow(clippy::disallowed_methods)]

use std::path::PathBuf;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use desk::auth::password;
use desk::{Desk, Standing, router};
use jiff::Timestamp;
use ledger::Ledger;
use tower::ServiceExt;

const PASSWORD: &str = "a pass phrase of Ana's";

struct Fixture {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

fn ledger() -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    Ledger::open_or_create(&path).unwrap();
    Fixture { _folder: folder, path }
}

fn with_users() -> Fixture {
    let made = ledger();
    let ledger = Ledger::open(&made.path).unwrap();
    let hash = password::hash(PASSWORD).unwrap();
    for (name, role) in [("Ana", "reviewer"), ("Ben", "reader")] {
        assert!(ledger.add_user(name, role, &hash, Timestamp::now()).unwrap());
    }
    made
}

fn app(made: &Fixture) -> Router {
    router(Desk::new(&made.path, "", None).unwrap())
}

async fn get(app: &Router, path: &str, cookie: &str) -> Response<Body> {
    let request = Request::get(path).header(header::HOST, "localhost:8080").header(header::COOKIE, cookie);
    app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

async fn post(app: &Router, path: &str, cookie: &str, body: &str) -> Response<Body> {
    let request = Request::post(path)
        .header(header::HOST, "localhost:8080")
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin");
    app.clone().oneshot(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap()
}

/// Signs in and gives the cookie.
async fn sign_in(app: &Router, name: &str, cookie: &str) -> String {
    let form = format!("name={name}&password={}&to=/incidents", PASSWORD.replace(' ', "+").replace('\'', "%27"));
    let response = post(app, "/sign-in", cookie, &form).await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert_eq!(response.headers()[header::LOCATION], "/incidents");
    let set = response.headers()[header::SET_COOKIE].to_str().unwrap();
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax") && !set.contains("Secure"), "{set}");
    set.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_desk_without_users_answers_its_own_machine_alone() {
    let made = ledger();
    let app = app(&made);
    assert_eq!(get(&app, "/", "").await.status(), StatusCode::OK);
    let foreign = Request::get("/").header(header::HOST, "rebound.example:8080").body(Body::empty()).unwrap();
    assert_eq!(app.clone().oneshot(foreign).await.unwrap().status(), StatusCode::FORBIDDEN);
    let standing = Standing { open_to_others: true, behind_proxy: false };
    let others = router(Desk::standing(&made.path, "", None, standing).unwrap());
    assert_eq!(get(&others, "/", "").await.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn with_users_everybody_signs_in() {
    let made = with_users();
    let app = app(&made);
    let sent = get(&app, "/incidents?place=Aleppo", "").await;
    assert_eq!(sent.status(), StatusCode::SEE_OTHER);
    assert_eq!(sent.headers()[header::LOCATION], "/sign-in?to=%2Fincidents%3Fplace%3DAleppo");
    assert_eq!(get(&app, "/api/v1/incidents", "").await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(get(&app, "/sign-in", "").await.status(), StatusCode::OK);
    assert_eq!(get(&app, "/assets/desk.css", "").await.status(), StatusCode::OK);
    assert_eq!(get(&app, "/", "dateline_session=made-up").await.status(), StatusCode::SEE_OTHER);
    let cookie = sign_in(&app, "Ana", "").await;
    assert_eq!(get(&app, "/", &cookie).await.status(), StatusCode::OK);
    assert_eq!(post(&app, "/sign-out", &cookie, "").await.status(), StatusCode::SEE_OTHER);
    assert_eq!(get(&app, "/", &cookie).await.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_planted_or_old_session_is_worth_nothing() {
    let made = with_users();
    let app = app(&made);
    let planted = "dateline_session=0000000000000000000000000000000000000000000000000000000000000000";
    let first = sign_in(&app, "Ana", planted).await;
    assert_ne!(first, planted);
    assert_eq!(get(&app, "/", planted).await.status(), StatusCode::SEE_OTHER);
    let second = sign_in(&app, "Ana", &first).await;
    assert_ne!(first, second);
    assert_eq!(get(&app, "/", &first).await.status(), StatusCode::SEE_OTHER);
    // The file holds no token, only its hash.
    let token = second.split_once('=').unwrap().1.to_owned();
    assert_eq!(Ledger::open_to_read(&made.path).unwrap().session(&token, Timestamp::now()).unwrap(), None);
}

#[tokio::test]
async fn a_reader_changes_nothing() {
    let made = with_users();
    let app = app(&made);
    let cookie = sign_in(&app, "Ben", "").await;
    assert_eq!(get(&app, "/", &cookie).await.status(), StatusCode::OK);
    for path in ["/add", "/review/decide", "/api/v1/dispatches"] {
        assert_eq!(post(&app, path, &cookie, "").await.status(), StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn a_form_on_another_site_is_refused() {
    let made = ledger();
    let app = app(&made);
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "http://evil.example")] {
        let request = Request::post("/add").header(header::HOST, "localhost:8080").header(name, value);
        let answer = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{name}");
    }
}

#[tokio::test]
async fn guessing_is_slowed_and_the_way_back_stays_here() {
    let made = with_users();
    let app = app(&made);
    for _ in 0..10 {
        let wrong = post(&app, "/sign-in", "", "name=Ana&password=wrong").await;
        assert_eq!(wrong.status(), StatusCode::UNAUTHORIZED);
    }
    let refused = post(&app, "/sign-in", "", "name=Ana&password=wrong").await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.headers().contains_key(header::RETRY_AFTER));
    let fresh = self::app(&made);
    let body = format!("name=Ana&password={}&to=//evil.example/", PASSWORD.replace(' ', "+").replace('\'', "%27"));
    let response = post(&fresh, "/sign-in", "", &body).await;
    assert_eq!(response.headers()[header::LOCATION], "/");
}
