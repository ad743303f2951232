//! `POST /api/v1/receivers/NAME/test`, `POST /api/v1/channels/NAME/test`: does it reach anybody?

use crate::web::routes::routes;
use crate::{
    model::{Kind, resource::Key},
    notify::trial::{TestError, TestResult, Tried},
    web::{
        api::{authorize::may_touch, resources::parse_name},
        auth::Identity,
        deps::Deps,
        error::Problem,
        extract::{Opened, Path},
        policy::Policy,
        router::Doors,
        sight::Sight,
    },
};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

pub(crate) fn routes(doors: Doors) -> Doors {
    doors
        .open(Policy::Write(Kind::Receiver), routes!(test_receiver))
        .open(Policy::Write(Kind::Channel), routes!(test_channel))
}

/// How a test went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub(crate) struct ChannelTest {
    /// One for each channel and recipient.
    results: Vec<Answered>,
}

/// How one channel, or one recipient of it, answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = TestResult)]
struct Answered {
    /// Name of the channel.
    channel: String,
    /// Type of it.
    #[serde(rename = "type")]
    kind: String,
    /// The recipient; empty for channels that have none.
    to: String,
    /// The other side took it.
    ok: bool,
    /// Its answer, or what kept us from one.
    answer: String,
    /// Milliseconds.
    took_ms: u64,
}

impl From<TestResult> for Answered {
    fn from(result: TestResult) -> Self {
        let TestResult { channel, kind, to, ok, answer, took_ms } = result;
        Self { channel, kind, to, ok, answer, took_ms }
    }
}

impl Answered {
    /// Who may use a shared channel without seeing it is told whether it works, and not where it
    /// leads.
    fn shown(self, is_seen: bool) -> Self {
        if is_seen { self } else { Self { to: String::new(), answer: String::new(), ..self } }
    }
}

/// Send a test over all channels of a receiver, with each one's answer. Leaves receipts.
#[utoipa::path(post, path = "/api/v1/receivers/{name}/test", tag = "alerts",
    params(("name" = String, Path, description = "Name of the receiver")),
    responses((status = 200, description = "How each channel answered", body = ChannelTest)))]
async fn test_receiver(
    Opened(deps): Opened,
    identity: Identity,
    Path(name): Path<String>,
) -> Result<axum::Json<ChannelTest>, Problem> {
    tested(&deps, &identity, Tried::Receiver(name)).await
}

/// Send a test over one channel, with the other side's answer. Leaves a receipt.
#[utoipa::path(post, path = "/api/v1/channels/{name}/test", tag = "alerts",
    params(("name" = String, Path, description = "Name of the channel")),
    responses((status = 200, description = "How it answered", body = ChannelTest)))]
async fn test_channel(
    Opened(deps): Opened,
    identity: Identity,
    Path(name): Path<String>,
) -> Result<axum::Json<ChannelTest>, Problem> {
    tested(&deps, &identity, Tried::Channel(name)).await
}

async fn tested(
    deps: &Deps,
    identity: &Identity,
    tried: Tried,
) -> Result<axum::Json<ChannelTest>, Problem> {
    let (kind, name) = match &tried {
        Tried::Receiver(name) => (Kind::Receiver, name),
        Tried::Channel(name) => (Kind::Channel, name),
    };
    let key = Key { kind, name: parse_name(kind, name)? };
    let sight = Sight::of(deps, identity);
    if sight.part(kind).get(kind, key.name.as_str()).is_none() {
        return Err(Problem::missing(format!("{kind} `{name}`")));
    }
    may_touch(&deps.whole(), &key, identity)?;
    let results = deps.notify.test(tried, &identity.actor).await.map_err(|error| match error {
        TestError::Missing(what) => Problem::missing(what),
        other => {
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "WK-2030", other.to_string()).retry(2)
        }
    })?;
    let channels = sight.part(Kind::Channel);
    let shown = |result: TestResult| {
        let is_seen = channels.get(Kind::Channel, &result.channel).is_some();
        Answered::from(result).shown(is_seen)
    };
    Ok(axum::Json(ChannelTest { results: results.into_iter().map(shown).collect() }))
}
