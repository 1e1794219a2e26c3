//! The HTTP API under `/api/v1`: the questions of the pages, answered in JSON, and described by
//! `/api/v1/openapi.json`.
//!
//! Lists come in pages with opaque cursors (`next`, `previous`), which stay good whatever is filed meanwhile. Every error
//! has one shape, [`ApiError`]. A list and its page on the desk ask the ledger the same question
//! through the same [`Asked`].

mod shapes;

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::{Json, Router, routing::get};
use ledger::Ledger;
use ledger::LedgerError;
use ledger::query::{ActorPage, DispatchText, Facet, Filter, IncidentWhole, Page as Rows, Shown};
use record::Record;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::openapi::OpenApi as Described;
use utoipa::{IntoParams, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::asked::Asked;
use crate::auth::Role;
use crate::frame::{Frame, Page, draw};
use crate::problem::{ApiError, Problem};
use crate::state::{Desk, Given};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Dateline",
        description = "A sourced ledger of a conflict: dispatches, incidents, accords, actors, and where sources differ. \
                       Ranges are Unicode code points.",
    ),
    servers((url = "/api/v1")),
    components(schemas(ApiError)),
)]
struct Doc;

fn described() -> (Router<Desk>, Described) {
    OpenApiRouter::with_openapi(Doc::openapi())
        .routes(routes!(dispatches, add))
        .routes(routes!(dispatch))
        .routes(routes!(reading))
        .routes(routes!(statements))
        .routes(routes!(incidents))
        .routes(routes!(incident))
        .routes(routes!(accords))
        .routes(routes!(accord))
        .routes(routes!(disputes))
        .routes(routes!(actors))
        .routes(routes!(actor))
        .routes(routes!(outlets))
        .split_for_parts()
}

/// The API's routes.
pub fn routes() -> Router<Desk> {
    let (router, _) = described();
    router.route("/openapi.json", get(openapi))
}

/// The description of the API as served under `base`.
fn description(base: &str) -> Value {
    let mut doc = serde_json::to_value(described().1).unwrap_or_default();
    if let Some(url) = doc.pointer_mut("/servers/0/url") {
        *url = Value::String(format!("{base}/api/v1"));
    }
    // What any question may be answered with, whatever it is about.
    let refusals = [
        ("401", "The ledger has users: sign in first"),
        ("403", "Not allowed, or not asked from the machine of a ledger without users"),
        ("503", "Busy for a moment"),
    ];
    let paths = doc.get_mut("paths").and_then(Value::as_object_mut);
    let methods = paths.into_iter().flat_map(|p| p.values_mut()).filter_map(Value::as_object_mut);
    for about in methods.flat_map(|m| m.values_mut()) {
        let Some(answers) = about.get_mut("responses").and_then(Value::as_object_mut) else { continue };
        for (status, description) in refusals {
            let error = json!({"description": description, "content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/ApiError"}}}});
            answers.entry(status).or_insert(error);
        }
    }
    doc
}

/// `GET /api/v1/openapi.json`
async fn openapi(State(desk): State<Desk>) -> Json<Value> {
    Json(description(desk.base()))
}

/// A route on the page that describes the API.
struct Route {
    method: String,
    path: String,
    says: String,
    asks: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "api.html")]
struct ApiPage {
    f: Frame,
    routes: Vec<Route>,
}

/// `GET /help/api`: the API's description for people.
pub async fn page(f: Frame) -> Page {
    let doc = description(&f.base);
    let text = |v: &Value, key: &str| v.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut routes = Vec::new();
    for (path, methods) in doc.get("paths").and_then(Value::as_object).into_iter().flatten() {
        for (method, about) in methods.as_object().into_iter().flatten() {
            let asks = about.get("parameters").and_then(Value::as_array).into_iter().flatten();
            let asks = asks.map(|p| (text(p, "name"), text(p, "description"))).collect();
            let says = text(about, "summary");
            routes.push(Route { method: method.to_uppercase(), path: path.clone(), says, asks });
        }
    }
    draw(&ApiPage { f, routes })
}

type Answer<T> = Result<Json<T>, Problem>;

/// Answers a list.
async fn list<T: Serialize + Send + 'static>(
    desk: Desk,
    asked: Asked,
    question: impl FnOnce(&Ledger, &Filter) -> Result<Rows<T>, LedgerError> + Send + 'static,
) -> Answer<Rows<T>> {
    let filter = asked.filter()?;
    Ok(Json(desk.read(move |l| question(l, &filter)).await?))
}

macro_rules! list {
    ($name:ident, $path:literal, $shape:ident, $row:ty, $ask:ident, $about:literal) => {
        #[doc = $about]
        #[utoipa::path(get, path = $path, params(Asked), responses(
                                            (status = 200, description = "A page of the list", body = shapes::Page<shapes::$shape>),
                                            (status = 400, description = "The query is not right", body = ApiError),
                                                                                ))]
        async fn $name(State(desk): State<Desk>, Query(asked): Query<Asked>) -> Answer<Rows<$row>> {
            list(desk, asked, |l, filter| l.$ask(filter)).await
        }
    };
}

list!(dispatches, "/dispatches", Dispatch, ledger::query::DispatchRow, dispatch_list, "Dispatches, latest first.");
list!(statements, "/statements", Statement, ledger::query::StatementRow, statement_list, "Statements, latest first.");
list!(incidents, "/incidents", Incident, ledger::query::IncidentRow, incident_list, "Incidents by day.");
list!(accords, "/accords", Accord, ledger::query::AccordRow, accord_list, "Accords by the day they were first told.");
list!(disputes, "/disputes", Dispute, ledger::query::DisputeRow, dispute_list, "Fields on which sources differ.");
list!(
    actors,
    "/actors",
    Actor,
    ledger::query::ActorRow,
    actor_list,
    "Actors, those who speak and are blamed most first."
);

/// A dispatch's text with everything that was read from it marked.
#[utoipa::path(get, path = "/dispatches/{id}", params(("id" = String, Path, description = "`namespace:id`, or the id alone")), responses(
    (status = 200, description = "The text", body = shapes::Text),
    (status = 400, description = "The id is no text", body = ApiError),
    (status = 404, description = "No dispatch goes by this id", body = ApiError),
    (status = 409, description = "Several dispatches go by this id", body = ApiError),
))]
async fn dispatch(State(desk): State<Desk>, Path(id): Path<String>) -> Answer<DispatchText> {
    Ok(Json(desk.read(move |l| l.dispatch_text(&id)).await?))
}

/// The record as it was read (schema `dateline/record/1`).
#[utoipa::path(get, path = "/dispatches/{id}/record", params(("id" = String, Path, description = "`namespace:id`, or the id alone")), responses(
    (status = 200, description = "The record", body = Object),
    (status = 400, description = "The id is no text", body = ApiError),
    (status = 404, description = "No dispatch goes by this id", body = ApiError),
    (status = 409, description = "Several dispatches go by this id", body = ApiError),
))]
async fn reading(State(desk): State<Desk>, Path(id): Path<String>) -> Answer<Record> {
    Ok(Json(desk.read(move |l| l.record(&id)).await?))
}

/// An incident with every account, figure, accusation and claim, each with its words.
#[utoipa::path(get, path = "/incidents/{id}", params(("id" = String, Path, description = "Its id, or that of one of its accounts")), responses(
    (status = 200, description = "The incident", body = shapes::WholeIncident),
    (status = 400, description = "The id is no text", body = ApiError),
    (status = 404, description = "No incident goes by this id", body = ApiError),
    (status = 409, description = "Several items go by this id", body = ApiError),
))]
async fn incident(State(desk): State<Desk>, Path(id): Path<String>) -> Answer<IncidentWhole> {
    Ok(Json(desk.read(move |l| l.incident_of(&id)).await?))
}

/// An accord with the state of each party and every claim.
#[utoipa::path(get, path = "/accords/{id}", params(("id" = String, Path, description = "Its id, or that of one of its accounts")), responses(
    (status = 200, description = "The accord", body = shapes::WholeAccord),
    (status = 400, description = "The id is no text", body = ApiError),
    (status = 404, description = "No accord goes by this id", body = ApiError),
    (status = 409, description = "Several items go by this id", body = ApiError),
))]
async fn accord(State(desk): State<Desk>, Path(id): Path<String>) -> Answer<ledger::query::AccordPage> {
    let shown = desk
        .read(move |l| match l.show(&id, false)? {
            Shown::Accord(page) => Ok(page),
            _ => Err(LedgerError::NoSuchId(id)),
        })
        .await?;
    Ok(Json(shown))
}

/// An actor with its statements, accusations given and received, and how outlets report its speech.
#[utoipa::path(get, path = "/actors/{id}", params(("id" = String, Path, description = "Its key")), responses(
    (status = 200, description = "The actor", body = shapes::WholeActor),
    (status = 400, description = "The key is no text", body = ApiError),
    (status = 404, description = "No actor goes by this key", body = ApiError),
))]
async fn actor(State(desk): State<Desk>, Path(id): Path<String>) -> Answer<ActorPage> {
    Ok(Json(desk.read(move |l| l.actor_page(&id)).await?))
}

/// The outlets, each with its number of dispatches.
#[utoipa::path(get, path = "/outlets", responses(
    (status = 200, description = "The outlets", body = Vec<shapes::Facet>),
))]
async fn outlets(State(desk): State<Desk>) -> Answer<Vec<Facet>> {
    Ok(Json(desk.facets().await?.outlets.clone()))
}

/// What is known of a body that is handed in.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
struct About {
    /// Who published it; also the namespace of its ids.
    outlet: Option<String>,
    /// Day of publication, YYYY-MM-DD.
    published: Option<String>,
    /// Where it was published.
    url: Option<String>,
    /// The file's name.
    name: Option<String>,
}

/// Reads a body (text, JSON Lines, or another of the formats of `dateline add`) and files what it holds.
#[utoipa::path(post, path = "/dispatches", params(About),
    request_body(content = String, content_type = "text/plain", description = "A dispatch, or a file with many"),
    responses(
        (status = 200, description = "What became of it", body = shapes::Added),
        (status = 400, description = "Nothing in it could be read", body = ApiError),
        (status = 403, description = "Adding takes a reviewer", body = ApiError),
        (status = 413, description = "Too large", body = ApiError),
    ))]
async fn add(State(desk): State<Desk>, f: Frame, Query(about): Query<About>, body: Bytes) -> Answer<shapes::Added> {
    if !f.viewer.may(Role::Reviewer) {
        return Err(Problem::refused(StatusCode::FORBIDDEN, "Adding dispatches takes a reviewer."));
    }
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(Problem::bad("The body is empty."));
    }
    let set = |v: Option<String>| v.filter(|v| !v.trim().is_empty());
    let given = Given {
        name: set(about.name).unwrap_or_else(|| "api".to_owned()),
        outlet: set(about.outlet),
        published: set(about.published),
        url: set(about.url),
    };
    let added = desk.add(body.to_vec(), given).await?;
    if added.dispatches.is_empty() && !added.failed.is_empty() {
        return Err(Problem::bad(added.failed.join("\n")));
    }
    let dispatches = added.dispatches.into_iter().map(|(namespace, id)| format!("{namespace}:{id}")).collect();
    Ok(Json(shapes::Added { dispatches, new: added.new, failed: added.failed }))
}
