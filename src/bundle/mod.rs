//! Where components come from: the catalogue, bundles (`.wkb`), content-addressed blobs, and the
//! trees unpacked from them.
//!
//! ```text
//!  build (debian · upstream · path) ─► .wkb ─► sign ─► embed
//!                                        │
//!  lookup: own binary · --bundle · *.wkb ─► Library ─► DATA/blobs/<sha256>   (peers serve these)
//!                                             │
//!                                             └─► install ─► DATA/components-store/<sha256>/tree
//! ```
//!
//! Kept here: nothing is unpacked or run that a trusted key did not sign (or an unsigned bundle
//! that was asked for), unpacking has no way out of its folder, and a crash leaves no half of
//! anything. The app opens the [`Library`]; the command line builds and looks at bundles.
//! `tar` and `zip` are used in this folder only.

pub mod blobs;
pub mod build;
pub mod catalog;
pub mod embed;
pub mod error;
pub mod install;
pub mod library;
pub mod lookup;
pub mod manifest;
pub mod pack;
mod profile;
pub mod section;
pub mod sign;
pub mod sum;
#[cfg(test)]
mod testing;
pub mod unpack;
pub mod version;
pub mod wkb;

pub use error::BundleError;
pub use install::Installed;
pub use library::{Accepted, ImportReport, Library};
pub use manifest::{Arch, Item, Manifest};
pub use sign::{PublicKey, SecretKey, Trust};
pub use wkb::Bundle;
