//! Flags of the commands that set the program up: `init`, `service`, `notify`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::TableOrJson;
use crate::domain::day::Day;

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// Folder to watch; the same as --folder
    #[arg(value_name = "FOLDER")]
    pub(crate) folders: Vec<PathBuf>,
    /// Folder to watch; repeat for more
    #[arg(long, value_name = "DIR")]
    pub(crate) folder: Vec<PathBuf>,
    /// Kind of CTPAT member, such as us-importer; repeat for more
    #[arg(long, value_name = "TYPE")]
    pub(crate) entity: Vec<String>,
    /// The CTPAT account's anniversary
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) anniversary: Option<Day>,
    /// Where a day begins and ends, such as America/New_York [default: the machine's]
    #[arg(long, value_name = "ZONE")]
    pub(crate) time_zone: Option<String>,
    /// Group of people who may use the state beside its owner
    #[arg(long, value_name = "GROUP")]
    pub(crate) group: Option<String>,
    /// File to write
    #[arg(long, short, value_name = "FILE", default_value = "evidex.toml")]
    pub(crate) output: PathBuf,
    /// Leave what is not answered at its default, and ask nothing
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Replace a file that is there
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ServiceArgs {
    #[command(subcommand)]
    pub(crate) command: ServiceCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ServiceCommand {
    /// Set up the systemd service for the configuration, to be started now and at every boot
    Install(ServiceInstallArgs),
    /// Stop the service and take it out of systemd; state, configuration and account stay
    Uninstall(ServiceChangeArgs),
    /// Start the service
    Start(ServiceChangeArgs),
    /// Stop the service
    Stop(ServiceChangeArgs),
    /// Say whether the service is installed and runs
    Status(ServiceStatusArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ServiceInstallArgs {
    /// Account that the service runs as; made if there is none
    #[arg(long, value_name = "USER", default_value = "evidex")]
    pub(crate) user: String,
    /// Group whose members use the state beside the service; made if there is none [default: the configuration's, else evidex]
    #[arg(long, value_name = "GROUP")]
    pub(crate) group: Option<String>,
    /// Another group of the service, such as the one that may read the documents; repeat for more
    #[arg(long, value_name = "GROUP")]
    pub(crate) also_group: Vec<String>,
    /// Memory that the service with its workers may take, such as 4G [default: by the number of workers]
    #[arg(long, value_name = "SIZE")]
    pub(crate) memory_max: Option<String>,
    #[command(flatten)]
    pub(crate) change: ServiceChangeArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ServiceChangeArgs {
    /// Print what would be done, and do nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Change the system below this folder, such as an image, instead of the running one
    #[arg(long, value_name = "DIR")]
    pub(crate) root: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ServiceStatusArgs {
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: TableOrJson,
}

#[derive(Debug, Args)]
pub(crate) struct NotifyArgs {
    #[command(subcommand)]
    pub(crate) command: NotifyCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum NotifyCommand {
    /// List the configured ways of telling, and what waits in each
    List {
        /// How to print
        #[arg(long, value_name = "FORMAT", default_value = "table")]
        format: TableOrJson,
    },
    /// Send a test message by every way, and say what came of it
    Test,
    /// Send what waits now, whatever pause or hour is set
    Send,
}
