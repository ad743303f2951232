//! Outcomes of commands, as kept for repeated requests and as answered to a forwarding node.

use super::{CodecError, KeyWire, decode, encode};
use crate::model::Revision;
use crate::store::command::{PreconditionFailed, Written};
use crate::store::types::Outcome;
use serde::{Deserialize, Serialize};

/// Twin of [`Outcome`].
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::store) enum OutcomeWire {
    Nothing,
    Written { index: u64, changed: Vec<KeyWire> },
    Failed { position: u64, found: Option<u64> },
    StageLost,
}

impl From<&Outcome> for OutcomeWire {
    fn from(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Nothing => Self::Nothing,
            Outcome::Written(written) => Self::Written {
                index: written.index,
                changed: written.changed.iter().map(KeyWire::from).collect(),
            },
            Outcome::Failed(failed) => Self::Failed {
                position: failed.position as u64,
                found: failed.found.map(|revision| revision.0),
            },
            Outcome::StageLost => Self::StageLost,
        }
    }
}

impl From<OutcomeWire> for Outcome {
    fn from(wire: OutcomeWire) -> Self {
        match wire {
            OutcomeWire::Nothing => Self::Nothing,
            OutcomeWire::Written { index, changed } => Self::Written(Written {
                index,
                changed: changed.into_iter().map(Into::into).collect(),
            }),
            OutcomeWire::Failed { position, found } => Self::Failed(PreconditionFailed {
                position: usize::try_from(position).unwrap_or(usize::MAX),
                found: found.map(Revision),
            }),
            OutcomeWire::StageLost => Self::StageLost,
        }
    }
}

/// Encodes an outcome for the request table.
pub(in crate::store) fn encode_outcome(outcome: &Outcome) -> Vec<u8> {
    encode(&OutcomeWire::from(outcome))
}

/// Reads it back.
pub(in crate::store) fn decode_outcome(bytes: &[u8]) -> Result<Outcome, CodecError> {
    decode::<OutcomeWire>(bytes).map(Into::into)
}
