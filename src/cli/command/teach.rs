//! `evidex catalog train` and `test`: make a passage model from examples, and score a labelled folder.

use std::path::Path;

use crate::cli::args::{CatalogTestArgs, Global, TableOrJson};
use crate::cli::failure::{Failure, Kind};
use crate::cli::{Exit, output, progress};
use crate::engine::trial::{self, Wanted};
use crate::engine::{act, pass};
use crate::report::trial::{Misses, json, table};

pub(super) fn train(examples: &Path, output_file: &Path) -> Result<Exit, Failure> {
    let trained = act::train(examples, output_file)?;
    output::answer(&format!(
        "{}: {} bytes, taught {} criteria by {} examples from {} files, identity {}",
        output_file.display(),
        trained.bytes,
        trained.criteria,
        trained.examples,
        trained.files,
        trained.identity
    ))?;
    Ok(Exit::Done)
}

pub(super) fn test(global: &Global, args: &CatalogTestArgs) -> Result<Exit, Failure> {
    let entity = args.entity.as_deref().map(super::entity).transpose()?;
    let wanted = Wanted { folder: args.folder.clone(), entity, as_of: args.as_of };
    let bar = progress::Bar::new(global.quiet);
    let stop = pass::Stop::on_signals().map_err(|e| Failure::new(Kind::Failed, e))?;
    let watch = pass::Watch { progress: &bar, stop: &stop };
    let figures = trial::trial(&super::sought(global, &[]), &wanted, watch)?;
    let misses = if args.misses { Misses::Listed } else { Misses::LeftOut };
    output::answer(&match args.format {
        TableOrJson::Table => table(&figures, misses, super::screen()),
        TableOrJson::Json => json(&figures),
    })?;
    Ok(Exit::Done)
}
