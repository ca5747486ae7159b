//! `evidex config`: show, check, or print a configuration to start from.

use crate::cli::args::{ConfigCommand, Global};
use crate::cli::failure::{Failure, Kind};
use crate::cli::{Exit, output};
use crate::engine::config::Config;

pub(super) fn run(global: &Global, command: ConfigCommand) -> Result<Exit, Failure> {
    match command {
        ConfigCommand::Default => output::answer(Config::default_text())?,
        ConfigCommand::Show => {
            let path = Config::find(global.config.as_deref());
            let config = path.as_deref().map(Config::load).transpose()?.unwrap_or_default();
            let origin = path.map_or_else(|| "the defaults".to_owned(), |path| path.display().to_string());
            let text =
                toml::to_string_pretty(&config).map_err(|e| Failure::new(Kind::Failed, anyhow::Error::new(e)))?;
            output::answer(&format!("# from {origin}\n{text}"))?;
        }
        ConfigCommand::Check => {
            let path = Config::find(global.config.as_deref()).ok_or_else(|| {
                Failure::input("there is no configuration to check")
                    .hint("name one with --config, or write ./evidex.toml")
            })?;
            Config::load(&path)?;
            output::answer(&format!("{}: no fault found", path.display()))?;
        }
    }
    Ok(Exit::Done)
}
