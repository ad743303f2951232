//! Everything that crosses a module.
