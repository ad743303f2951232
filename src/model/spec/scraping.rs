//! What is scraped, and how.

use crate::model::label::Labels;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Spec of a `target`: one `file_sd` entry plus its job and project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Name of a scrape job.
    pub job: String,
    /// Name of a project.
    pub project: String,
    /// `host:port`, at least one.
    pub targets: Vec<String>,
    /// Labels put on their series; none of the dimensions a project sets.
    #[serde(default, skip_serializing_if = "Labels::is_empty")]
    pub labels: Labels,
}

/// Spec of a `scrape-job`: Prometheus' `scrape_config` without `job_name` (it is the object's
/// name) and without service discovery (targets are objects of their own).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ScrapeJob(pub Map<String, Value>);
