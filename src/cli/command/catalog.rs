//! `evidex catalog`: list, show, check, teach and try. Needs no state.

use std::path::Path;

use crate::cli::args::{CatalogArgs, CatalogCommand, Global, TableOrJson};
use crate::cli::failure::{Failure, Kind};
use crate::cli::{Exit, output};
use crate::domain::catalog::Catalog;
use crate::engine::workspace;
use crate::report::catalog;

use super::{naming, teach};

pub(super) fn run(global: &Global, args: &CatalogArgs) -> Result<Exit, Failure> {
    match &args.command {
        CatalogCommand::List { entity, format } => {
            let named = entity.as_deref().map(super::entity).transpose()?;
            let loaded = load(global)?;
            output::answer(&match format {
                TableOrJson::Table => catalog::list_table(&loaded, named, super::screen()),
                TableOrJson::Json => catalog::list_json(&loaded, named),
            })?;
        }
        CatalogCommand::Show { criterion, format } => {
            let loaded = load(global)?;
            let found = naming::criterion(&loaded, criterion)?;
            output::answer(&match format {
                TableOrJson::Table => catalog::show_table(&loaded, found, super::screen()),
                TableOrJson::Json => catalog::show_json(&loaded, found),
            })?;
        }
        CatalogCommand::Check { file } => return check(file),
        CatalogCommand::Train { examples, output } => return teach::train(examples, output),
        CatalogCommand::Test(args) => return teach::test(global, args),
    }
    Ok(Exit::Done)
}

fn load(global: &Global) -> Result<Catalog, Failure> {
    Ok(workspace::load_catalog(&super::sought(global, &[]), &crate::engine::config::Config::default())?)
}

fn check(file: &Path) -> Result<Exit, Failure> {
    let checked = workspace::check_catalog(file)?;
    output::answer(&format!(
        "{}: {} criteria, {} record kinds, {} clause rules: no fault found",
        file.display(),
        checked.criteria.len(),
        checked.record_kinds.len(),
        checked.clauses.len()
    ))
    .map_err(|e| Failure::new(Kind::Failed, anyhow::Error::new(e)))?;
    Ok(Exit::Done)
}
