//! Alerts to people: intake of Alertmanager's webhook, episodes, the durable queue, channels and
//! receipts. See `DESIGN.md` beside this file.

pub mod alert;
pub mod episode;
mod lenient;
pub mod payload;
