//! Configuration of a monitoring that is already there → declared objects. Pure: what comes out
//! is planned and checked like anything that is declared.

mod alertmanager;

pub use alertmanager::alertmanager;

use super::{field_error::FieldError, request::Put};

/// What a file became.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Imported {
    /// The objects; those that are referred to come first.
    pub puts: Vec<Put>,
    /// What the program that the file is for would refuse. Nothing should be written then.
    pub errors: Vec<FieldError>,
    /// What it would take and Watchkeep cannot say, in the order of the file.
    pub left_out: Vec<LeftOut>,
}

/// A part of a file that was not taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Where: `receivers/0/slack_configs/0`.
    pub path: String,
    /// Line in the text, from 1.
    pub line: Option<u32>,
    /// Column in that line, from 1.
    pub column: Option<u32>,
    /// What it means that it is missing.
    pub message: String,
}
