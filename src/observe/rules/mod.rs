//! What the rules do: states of every rule and series, merged over the replicas, and the history
//! of their changes.
//!
//! ```text
//! both replicas ─► seen (merged: the more severe word wins, one answering is enough)
//!                    ├─► shown as it is by the API, on any node
//!                    └─► track (pure): known + seen → transitions
//!                          └─► watcher (leader) ─► rows of the store ─► history
//!                                ▲ missed: what nobody watched, from the series `ALERTS`
//! ```

mod answer;
pub mod log;
mod missed;
pub mod seen;
pub mod track;
mod watcher;

pub use log::{AlertLog, Entry, EntryId, Filter, Fired};
pub use seen::{SeenAlert, SeenGroup, SeenRule, SeenRules, State};
pub use track::Transition;
pub use watcher::Watcher;
