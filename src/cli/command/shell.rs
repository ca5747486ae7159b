//! What shells, manuals and other programs need: completions, the man page, schemas.

use clap::CommandFactory;

use crate::cli::args::Cli;
use crate::cli::failure::{Failure, nearest};
use crate::cli::{Exit, output};
use crate::report::schemas;

pub(super) fn completions(shell: clap_complete::Shell) -> Result<Exit, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "evidex", &mut text);
    output::answer_bytes(&text)?;
    Ok(Exit::Done)
}

pub(super) fn man() -> Result<Exit, Failure> {
    let mut text = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut text)?;
    output::answer_bytes(&text)?;
    Ok(Exit::Done)
}

pub(super) fn schema(name: Option<&str>) -> Result<Exit, Failure> {
    let known = schemas();
    let Some(name) = name else {
        output::answer(&known.iter().map(|schema| schema.name).collect::<Vec<_>>().join("\n"))?;
        return Ok(Exit::Done);
    };
    let found = known.iter().find(|schema| schema.name == name).ok_or_else(|| {
        let failure = Failure::input(format!("there is no output `{name}`"));
        match nearest(name, known.iter().map(|schema| schema.name)) {
            Some(near) => failure.hint(format!("did you mean `{near}`?")),
            None => failure.hint("list them with `evidex schema`"),
        }
    })?;
    output::answer(found.text)?;
    Ok(Exit::Done)
}
