//! `evidex watch`: the daemon in the foreground.

use std::os::unix::process::CommandExt as _;
use std::process::Command;

use crate::cli::args::{Global, LogFormat, WatchArgs};
use crate::cli::failure::{Failure, Kind};
use crate::cli::{Exit, output};
use crate::engine::pass::Stop;
use crate::engine::{Workspace, daemon, tell};

/// The C library keeps what is freed, per thread and for ever, unless told otherwise before the program starts: an idle
/// daemon would hold what its busiest moment took. Other allocators do not know these names.
const LEAN: [(&str, &str); 3] =
    [("MALLOC_ARENA_MAX", "2"), ("MALLOC_MMAP_THRESHOLD_", "65536"), ("MALLOC_TRIM_THRESHOLD_", "131072")];

pub(super) fn run(global: &Global, args: &WatchArgs) -> Result<Exit, Failure> {
    start_lean();
    super::scan::refuse_absent(&args.accept_empty)?;
    let workspace = Workspace::open_to_watch(&super::sought(global, &args.folders))?;
    tell::enrol(&workspace)?;
    let failed = |error| Failure::new(Kind::Failed, error);
    let stop = Stop::on_signals().map_err(failed)?;
    let asked = daemon::Asked {
        stop: &stop,
        reload: Stop::on_hangup().map_err(failed)?,
        accept_empty: args.accept_empty.clone(),
    };
    daemon::run(workspace, &asked, &Talk(global.log_format))?;
    Ok(Exit::Done)
}

/// Starts this very process anew with the settings, unless somebody set them. If that fails, it is only larger.
fn start_lean() {
    if LEAN.iter().any(|(name, _)| std::env::var_os(name).is_some()) {
        return;
    }
    if let Ok(program) = std::env::current_exe() {
        // Returns only if it failed.
        let _ = Command::new(program).args(std::env::args_os().skip(1)).envs(LEAN).exec();
    }
}

struct Talk(LogFormat);

impl daemon::Talk for Talk {
    fn ready(&self) {
        match self.0 {
            LogFormat::Text => output::say("ready"),
            // Every line of a structured log is a value.
            LogFormat::Json => tracing::info!("ready"),
        }
    }
}
