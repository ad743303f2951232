//! Watchkeep: a highly available monitoring platform in one file.
//!
//! The folders, lowest layer first; a module uses only what stands above it in this list
//! (kept so by `tests/it/layering.rs`, explained in ARCHITECTURE.md):
//!
//! | module | what it is |
//! | --- | --- |
//! | [`base`] | leaf tools that know nothing of Watchkeep |
//! | [`model`] | declared state, ids, process specs, alert episodes: pure |
//! | [`scope`] | what somebody confined to some projects may see: pure |
//! | [`render`] | declared state → files and process specs for one node: pure |
//! | [`store`] | the replicated store: openraft over redb |
//! | [`supervise`] | the only place that starts or signals processes |
//! | [`bundle`] | catalogue, bundles, content-addressed blobs |
//! | [`peer`] | cluster port, certificates, formation, forwarder, loopback door |
//! | [`membership`] | who belongs to the cluster: joining, voting, leaving |
//! | [`observe`] | what the programs we run really do |
//! | [`notify`] | alerts to people: intake, queue, channels, receipts |
//! | [`silence`] | declared silences in Alertmanager |
//! | [`admission`] | turns a request into a checked command |
//! | [`reconcile`] | makes this machine match what was rendered |
//! | [`web`] | the HTTP API and the portal |
//! | [`cli`] | the command line |
//! | [`demo`] | the demo and what only it and tests need |
//! | [`app`] | the composition root |

pub mod admission;
pub mod app;
pub mod base;
pub mod bundle;
pub mod cli;
pub mod demo;
pub mod membership;
pub mod model;
pub mod notify;
pub mod observe;
pub mod peer;
pub mod reconcile;
pub mod render;
pub mod scope;
pub mod silence;
pub mod store;
pub mod supervise;
pub mod telemetry;
pub mod web;
