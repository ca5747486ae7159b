//! The command line: one file per command, each a thin skin over one question of the engine and one report.

mod args;
mod classify;
mod command;
mod failure;
mod output;
mod progress;

use std::process::ExitCode;

use clap::Parser;

use args::Cli;

use crate::extract;

/// How a run ended; DESIGN's one table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Done,
    /// The answer is no.
    No,
    /// `scan` is done, but some files could not be read.
    SomeUnreadable,
}

impl Exit {
    fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::No => 1,
            Self::SomeUnreadable => 3,
        }
    }
}

/// Runs the program: parses the arguments, does the work, prints any failure, and says how it ended.
pub fn main() -> ExitCode {
    // Before anything else is set up: the worker fences itself in first.
    if std::env::args_os().nth(1).is_some_and(|word| word == extract::WORKER_COMMAND) {
        return extract::worker_main();
    }
    if std::env::args_os().nth(1).is_some_and(|word| word == extract::ocr::LAUNCH_COMMAND) {
        return extract::ocr::launch_main();
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    output::start_log(&cli);
    match command::run(&cli) {
        Ok(exit) => ExitCode::from(exit.code()),
        Err(failure) if failure.is_broken_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print();
            ExitCode::from(failure.code())
        }
    }
}

fn usage(error: &clap::Error) -> ExitCode {
    // Help and version come as "errors" that are not: clap prints each to the right stream.
    let code = if error.use_stderr() { failure::Kind::Input.code() } else { 0 };
    match error.print() {
        Ok(()) => ExitCode::from(code),
        Err(_) => ExitCode::from(failure::Kind::Failed.code()),
    }
}
