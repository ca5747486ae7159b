//! The whole program from outside: each test writes a folder, runs commands, and looks at exit code, stdout and stderr.
//!
//! One binary, so that it links once. Pure rules are tested beside their code; here is what only the whole can show:
//! that the parts are joined rightly, that nothing is lost, and that nothing hostile gets through.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bad_input;
mod build;
mod crash;
mod decisions;
mod determinism;
mod golden;
mod hostile;
mod names;
mod offline;
mod pass;
mod search;
mod shapes;
mod teach;
mod untouched;
mod verify;
mod world;
