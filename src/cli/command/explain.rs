//! `evidex explain`: why a criterion has its status, or what a document is taken for.

use crate::cli::args::{ExplainArgs, Global, TableOrJson};
use crate::cli::failure::Failure;
use crate::cli::{Exit, output};
use crate::domain::ids::CriterionId;
use crate::engine::Workspace;
use crate::report::explain_criterion::Asked;
use crate::report::{explain_criterion, explain_document};

use super::naming;

pub(super) fn run(global: &Global, args: &ExplainArgs) -> Result<Exit, Failure> {
    let workspace = super::look(global, &args.folders)?;
    let text = match naming::known_criterion(workspace.catalog(), &args.subject) {
        Some(known) => criterion(&workspace, args, &known.id)?,
        None => document(&workspace, args)?,
    };
    output::answer(&text)?;
    Ok(Exit::Done)
}

fn criterion(workspace: &Workspace, args: &ExplainArgs, id: &CriterionId) -> Result<String, Failure> {
    let assessment = super::assess(workspace, &args.about)?;
    let not_concerned = || Failure::input(format!("criterion {id} does not concern a {}", assessment.entity.title()));
    let criterion = assessment.criteria.iter().find(|criterion| criterion.id == *id).ok_or_else(not_concerned)?;
    let requirement = workspace.catalog().criteria.iter().find(|criterion| criterion.id == *id);
    let asked = Asked { assessment: &assessment, criterion, requirement };
    Ok(match args.format {
        TableOrJson::Table => explain_criterion::table(asked, super::screen()),
        TableOrJson::Json => explain_criterion::json(asked),
    })
}

fn document(workspace: &Workspace, args: &ExplainArgs) -> Result<String, Failure> {
    let assessment = super::assess_documents(workspace, &args.about)?;
    let document = naming::document(&assessment, &args.subject, Some(workspace.catalog()))?;
    Ok(match args.format {
        TableOrJson::Table => explain_document::table(document, super::screen()),
        TableOrJson::Json => explain_document::json(document),
    })
}
