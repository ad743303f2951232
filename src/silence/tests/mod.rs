//! What needs real programs.

mod real;
