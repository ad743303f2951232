//! `/api/v1`: one file a resource or question.

mod alert_history;
pub mod alerts;
pub mod apply;
pub mod audit;
mod authorize;
pub(super) mod change;
mod confined_rules;
mod confined_targets;
#[cfg(test)]
pub(crate) mod described;
pub mod document;
mod drafts;
mod entrusted;
pub mod events;
pub mod faults;
pub(crate) mod fresh;
pub mod health;
pub mod history;
mod join_tokens;
pub mod list;
pub mod logs;
pub mod members;
pub(crate) mod observed_rules;
pub mod oidc;
pub(crate) mod overview;
mod pending;
pub mod posted_silences;
mod preferences;
mod preview;
pub mod prometheus;
pub mod proxy;
pub mod receipts;
mod remembered;
mod replica;
pub mod resources;
mod routing;
pub mod rule_check;
pub mod rule_files;
mod rule_help;
mod rule_receivers;
pub mod secrets;
pub mod session;
pub mod sessions;
mod shared;
mod sign_in;
mod sign_in_check;
pub mod silences;
pub mod snapshot;
pub mod status;
pub mod targets;
pub mod timeline;
pub mod tokens;
mod totp;
pub mod trials;
pub mod users;

use super::router::Doors;

/// Adds every route of the API.
pub(crate) fn routes(doors: Doors) -> Doors {
    let doors = health::routes(doors);
    let doors = session::routes(doors);
    let doors = sign_in_check::routes(totp::routes(oidc::routes(doors)));
    let doors = drafts::routes(preferences::routes(doors));
    let doors = join_tokens::routes(members::routes(status::routes(doors)));
    let doors = snapshot::routes(doors);
    let doors = resources::routes(doors);
    let doors = apply::routes(doors);
    let doors = rule_files::routes(rule_check::routes(doors));
    let doors = users::routes(tokens::routes(doors));
    let doors = audit::routes(sessions::routes(doors));
    let doors = history::routes(doors);
    let doors = faults::routes(events::routes(doors));
    let doors = logs::routes(doors);
    let doors = targets::routes(doors);
    let doors = overview::routes(alerts::routes(doors));
    let doors = routing::routes(doors);
    let doors = trials::routes(receipts::routes(doors));
    let doors = secrets::routes(doors);
    let doors = posted_silences::routes(silences::routes(doors));
    let doors = alert_history::routes(observed_rules::routes(doors));
    let doors = rule_help::routes(preview::routes(doors));
    let doors = proxy::routes(doors);
    document::routes(doors)
}
