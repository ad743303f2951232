//! Everything that crosses a module, in one binary: each further one would link the world again.

mod layering;
