//! What the programs we run really do: reads their metrics and APIs. Publishes; never writes
//! declared state. The one thing it keeps is the history of alerts, in rows of its own.

pub mod exposition;
pub mod http;
pub mod metadata;
pub mod preview;
pub mod prometheus;
pub mod rules;
pub mod templates;
