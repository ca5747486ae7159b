//! The whole program from outside: each test writes a folder, runs commands, and looks at exit code, stdout and stderr.
//!
//! One binary, so that it links once. Pure rules are tested beside their code; here is what only the whole can show:
//! that the parts are joined rightly, that nothing is lost, and that nothing hostile gets through.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod asking;
mod backup;
mod bad_input;
mod build;
mod crash;
mod decisions;
mod determinism;
mod doctor;
mod faults;
mod forget;
mod golden;
mod hostile;
mod init;
mod kept;
mod locked;
mod machine;
mod metamorphic;
mod names;
mod notify;
mod ocr;
mod offline;
mod pass;
mod private;
mod repair;
mod search;
mod servers;
mod shapes;
mod teach;
mod untouched;
mod upgrade;
mod verify;
mod watch;
mod watcher;
mod world;
