//! `/help/WK-1234`: one short page a code, embedded, in plain HTML.

use super::extract::Path;
use super::{codes, error::Problem, policy::Policy, router::Doors};
use crate::web::routes::routes;
use axum::{
    http::{HeaderValue, header},
    response::{Html, IntoResponse as _, Response},
};

pub(crate) fn routes(doors: Doors) -> Doors {
    doors.open(Policy::SignedIn, routes!(help)).open(Policy::SignedIn, routes!(index))
}

/// The help page of a code.
#[utoipa::path(get, path = "/help/{code}", tag = "document",
    params(("code" = String, Path, description = "`WK-1234`")),
    responses((status = 200, description = "The page", body = String, content_type = "text/html")))]
async fn help(Path(code): Path<String>) -> Result<Response, Problem> {
    let shown: String = code.chars().take(40).collect();
    let page = codes::page(&code).ok_or_else(|| Problem::missing(format!("help page {shown}")))?;
    Ok(document(page.code, &body(page)))
}

/// All codes.
#[utoipa::path(get, path = "/help", tag = "document",
    responses((status = 200, description = "The list", body = String, content_type = "text/html")))]
async fn index() -> Response {
    let line = |page: &codes::Page| {
        format!("<li><a href=\"help/{0}\">{0}</a> {1}</li>", page.code, escape(page.title))
    };
    let list: String = codes::PAGES.iter().map(line).collect();
    document("Codes", &format!("<h1>Codes</h1><ul>{list}</ul>"))
}

fn body(page: &codes::Page) -> String {
    format!(
        "<h1>{}: {}</h1><h2>What it means</h2><p>{}</p><h2>What to do</h2><p>{}</p>",
        page.code,
        escape(page.title),
        escape(page.meaning),
        escape(page.advice)
    )
}

fn document(title: &str, body: &str) -> Response {
    let text = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <title>{} · Watchkeep</title></head><body><main>{body}</main></body></html>",
        escape(title)
    );
    let policy = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
    ([(header::CONTENT_SECURITY_POLICY, policy)], Html(text)).into_response()
}

/// Text for HTML.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}
