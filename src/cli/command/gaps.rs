//! `evidex gaps`: the main answer.

use std::path::Path;

use crate::cli::args::{FailOn, GapsArgs, GapsFormat, Global};
use crate::cli::failure::{Failure, Kind};
use crate::cli::{Exit, output};
use crate::domain::assess::status::Assessment;
use crate::domain::entity::Level;
use crate::engine::question;
use crate::report::gaps::{self, Lists, Options, Show};

pub(super) fn run(global: &Global, args: &GapsArgs) -> Result<Exit, Failure> {
    let binary = args.format == GapsFormat::Docx;
    if binary && args.output.is_none() && output::stdout_is_terminal() {
        return Err(Failure::input("a DOCX is not text for a terminal").hint("name a file with `--output gaps.docx`"));
    }
    let workspace = super::look(global, &args.folders)?;
    let assessment = super::assess(&workspace, &args.subject)?;
    question::refuse_nothing_readable(&assessment)?;
    let bytes = render(&assessment, args)?;
    match &args.output {
        Some(path) => write(path, &bytes)?,
        None => output::answer_bytes(&bytes)?,
    }
    Ok(if is_met(args.fail_on, &assessment) { Exit::No } else { Exit::Done })
}

fn render(assessment: &Assessment, args: &GapsArgs) -> Result<Vec<u8>, Failure> {
    let show = if args.all { Show::All } else { Show::Gaps };
    let look = if args.output.is_some() { crate::report::Look::PLAIN } else { super::screen() };
    let options = Options { show, lists: if args.all { Lists::Full } else { Lists::Cut }, look };
    let text = match args.format {
        GapsFormat::Table => gaps::table(assessment, options),
        GapsFormat::Json => gaps::json(assessment, options),
        GapsFormat::Csv => gaps::csv(assessment, options),
        GapsFormat::Markdown => gaps::markdown(assessment, options),
        GapsFormat::Docx => {
            return gaps::docx(assessment, options).map_err(|e| Failure::new(Kind::Failed, anyhow::Error::new(e)));
        }
    };
    Ok(text.into_bytes())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    std::fs::write(path, bytes).map_err(|e| {
        let context = format!("could not write the report to `{}`", path.display());
        Failure::new(Kind::Failed, anyhow::Error::new(e).context(context))
            .hint("check that its folder is there and that this account may write to it")
    })
}

fn is_met(fail_on: FailOn, assessment: &Assessment) -> bool {
    let mut gaps = assessment.criteria.iter().filter(|criterion| criterion.status.is_gap());
    match fail_on {
        FailOn::Never => false,
        FailOn::Must => gaps.any(|criterion| criterion.level == Level::Must),
        FailOn::Any => gaps.next().is_some(),
    }
}
