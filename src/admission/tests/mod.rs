//! Tests of admission as a whole.

mod refused;
