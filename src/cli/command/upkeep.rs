//! `evidex backup`, `restore`, `repair`, `forget`, `doctor`: a state kept safe and in order.

use crate::cli::args::{BackupArgs, ForgetArgs, FormatArgs, Global, RestoreArgs, TableOrJson, Word};
use crate::cli::failure::Failure;
use crate::cli::{Exit, output};
use crate::engine::act::{self, Present, Wish};
use crate::engine::{Workspace, question};
use crate::report::doctor::Level;
use crate::report::{backup as copy, doctor as checkup, forget as forgot, repair as mended};

use super::decide::said;

pub(super) fn backup(global: &Global, args: &BackupArgs) -> Result<Exit, Failure> {
    let workspace = Workspace::open(&super::sought(global, &[]))?;
    let copied = act::backup(&workspace, &args.file)?;
    output::answer(&match args.format {
        TableOrJson::Table => copy::copied_table(&copied, super::screen()),
        TableOrJson::Json => copy::copied_json(&copied),
    })?;
    Ok(Exit::Done)
}

pub(super) fn restore(global: &Global, args: &RestoreArgs) -> Result<Exit, Failure> {
    let workspace = Workspace::open(&super::sought(global, &[]))?;
    let present = if args.force { Present::MoveAside } else { Present::Refuse };
    let restored = act::restore(&workspace, &args.file, present)?;
    output::answer(&match args.format {
        TableOrJson::Table => copy::restored_table(&restored, super::screen()),
        TableOrJson::Json => copy::restored_json(&restored),
    })?;
    Ok(Exit::Done)
}

pub(super) fn repair(global: &Global, args: &FormatArgs) -> Result<Exit, Failure> {
    let workspace = Workspace::open(&super::sought(global, &[]))?;
    let repaired = act::repair(&workspace)?;
    output::answer(&match args.format {
        TableOrJson::Table => mended::table(&repaired, super::screen()),
        TableOrJson::Json => mended::json(&repaired),
    })?;
    Ok(Exit::Done)
}

pub(super) fn forget(global: &Global, args: &ForgetArgs) -> Result<Exit, Failure> {
    let workspace = Workspace::open(&super::sought(global, &[]))?;
    let wish = if args.undo { Wish::Remember } else { Wish::Forget };
    let said = said(&Word { note: Some(args.reason.clone()), by: args.by.clone() })?;
    let done = act::forget(&workspace, &args.name, wish, &said)?;
    output::answer(&match args.format {
        TableOrJson::Table => forgot::table(&done, super::screen()),
        TableOrJson::Json => forgot::json(&done),
    })?;
    Ok(Exit::Done)
}

pub(super) fn doctor(global: &Global, args: &FormatArgs) -> Result<Exit, Failure> {
    let found = question::doctor(&super::sought(global, &[]));
    output::answer(&match args.format {
        TableOrJson::Table => checkup::table(&found, super::screen()),
        TableOrJson::Json => checkup::json(&found),
    })?;
    Ok(if found.level() == Level::Fail { Exit::No } else { Exit::Done })
}
