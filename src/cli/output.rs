//! The two streams: the answer on stdout, talk on stderr.

use std::io::{self, IsTerminal, Write};

use super::args::{Cli, ColorChoice, Command, LogFormat};

/// Prints the answer; ends it with a line break.
pub(crate) fn answer(text: &str) -> io::Result<()> {
    let mut stdout = anstream::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    if !text.ends_with('\n') && !text.is_empty() {
        stdout.write_all(b"\n")?;
    }
    stdout.flush()
}

/// Writes bytes of a binary answer (a DOCX) as they are.
pub(crate) fn answer_bytes(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes)?;
    stdout.flush()
}

/// Says something to the person; if stderr is closed there is nobody to tell.
pub(crate) fn say(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

pub(crate) fn stdout_is_terminal() -> bool {
    io::stdout().is_terminal()
}

pub(crate) fn stderr_is_terminal() -> bool {
    io::stderr().is_terminal()
}

/// Columns of the screen, for tables; 80 when piped.
pub(crate) fn choose_color(choice: ColorChoice) {
    match choice {
        ColorChoice::Auto => anstream::ColorChoice::Auto.write_global(),
        ColorChoice::Always => anstream::ColorChoice::Always.write_global(),
        ColorChoice::Never => anstream::ColorChoice::Never.write_global(),
    }
}

/// The log to stderr. Off unless asked for, but for the daemon, whose log is all that it says; `EVIDEX_LOG` sets a filter.
pub(crate) fn start_log(cli: &Cli) {
    use tracing_subscriber::EnvFilter;
    let quiet = if matches!(cli.command, Command::Watch(_)) { "info" } else { "off" };
    let level = match cli.global.verbose {
        0 => quiet,
        1 => "info",
        2 => "debug",
        _ => "trace",
    };
    let filter = EnvFilter::try_from_env("EVIDEX_LOG").unwrap_or_else(|_| EnvFilter::new(format!("evidex={level}")));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_target(false);
    match cli.global.log_format {
        LogFormat::Text => log.with_ansi(stderr_is_terminal()).init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
}
