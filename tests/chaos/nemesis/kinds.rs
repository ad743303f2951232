//! The ways to go wrong.

use super::super::link::Quality;
use serde::Serialize;
use std::time::Duration;
use watchkeep::membership::Patience;

/// A way to go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    KillOne,
    KillLeader,
    KillTwo,
    KillAll,
    RestartLeader,
    PauseOne,
    PauseLeader,
    IsolateLeader,
    IsolateFollower,
    CutLink,
    /// What one says does not arrive, at one other node or at both; what it is told does.
    OneWay,
    Flap,
    /// Packets are lost.
    Lossy,
    /// Packets take long.
    Slow,
    /// Packets overtake each other, and some arrive twice.
    Reorder,
    /// A link that carries little.
    Narrow,
    DiskFull,
    /// The old leader comes back from isolation to a follower that was just killed, while the new
    /// leader is cut off: a vote that was forgotten would let it go on leading.
    Usurp,
    /// A voter is removed and its machine comes back, empty, as a new node, all that during
    /// trouble.
    SwapMember,
    /// A machine dies with its disk, and comes back, empty, to the place of who it was.
    LoseDisk,
}

pub const ALL: [Kind; 20] = [
    Kind::KillOne,
    Kind::KillLeader,
    Kind::KillTwo,
    Kind::KillAll,
    Kind::RestartLeader,
    Kind::PauseOne,
    Kind::PauseLeader,
    Kind::IsolateLeader,
    Kind::IsolateFollower,
    Kind::CutLink,
    Kind::OneWay,
    Kind::Flap,
    Kind::Lossy,
    Kind::Slow,
    Kind::Reorder,
    Kind::Narrow,
    Kind::DiskFull,
    Kind::Usurp,
    Kind::SwapMember,
    Kind::LoseDisk,
];

impl Kind {
    pub fn name(self) -> String {
        serde_json::to_value(self).unwrap().as_str().unwrap_or_default().to_owned()
    }

    pub fn parse(name: &str) -> Option<Self> {
        ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What it makes of links, if it is about that.
    pub fn quality(self) -> Option<Quality> {
        match self {
            Self::Lossy => Some(Quality::LOSSY),
            Self::Slow => Some(Quality::SLOW),
            Self::Reorder => Some(Quality::REORDERING),
            Self::Narrow => Some(Quality::NARROW),
            _ => None,
        }
    }

    /// How often it is in a deck: more often where memories are lost, since that is where
    /// promises break.
    pub fn weight(self) -> usize {
        match self {
            Self::KillTwo | Self::KillAll | Self::Usurp => 3,
            Self::KillOne | Self::KillLeader => 2,
            _ => 1,
        }
    }

    pub fn needs_router(self) -> bool {
        self == Self::OneWay || self.quality().is_some()
    }

    /// Until all is as it was, where that is more than an election: a run does not begin what it
    /// has no time for.
    pub fn takes(self, patience: &Patience) -> Duration {
        match self {
            Self::SwapMember => patience.stable + Duration::from_secs(5),
            Self::LoseDisk => patience.dead + patience.stable + Duration::from_secs(10),
            _ => Duration::ZERO,
        }
    }
}
