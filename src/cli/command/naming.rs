//! The document or criterion that a person names on the command line, with a suggestion where there is none.

use std::path::Path;

use crate::cli::failure::{Failure, nearest};
use crate::domain::assess::status::{AssessedDocument, Assessment};
use crate::domain::catalog::{Catalog, Criterion};

/// What a name was found to mean.
enum Named<'a> {
    Nothing,
    One(&'a AssessedDocument),
    Several(Vec<&'a AssessedDocument>),
}

/// The criterion with this id.
pub(super) fn criterion<'a>(catalog: &'a Catalog, id: &str) -> Result<&'a Criterion, Failure> {
    known_criterion(catalog, id).ok_or_else(|| {
        let failure = Failure::input(format!("the catalog has no criterion `{id}`"));
        match nearest(id, catalog.criteria.iter().map(|criterion| criterion.id.as_str())) {
            Some(name) => failure.hint(format!("did you mean `{name}`?")),
            None => failure.hint("list them with `evidex catalog list`"),
        }
    })
}

pub(super) fn known_criterion<'a>(catalog: &'a Catalog, id: &str) -> Option<&'a Criterion> {
    catalog.criteria.iter().find(|criterion| criterion.id.as_str() == id)
}

/// The document with this path, in its root or on the disk, else the only one whose path ends so. `catalog` is given
/// where a criterion might have been meant.
pub(super) fn document<'a>(
    assessment: &'a Assessment,
    name: &str,
    catalog: Option<&Catalog>,
) -> Result<&'a AssessedDocument, Failure> {
    match find(assessment, name) {
        Named::One(document) => Ok(document),
        Named::Several(documents) => {
            let whole = documents.iter().take(5).map(|document| format!("`{}`", whole(document))).collect::<Vec<_>>();
            let failure = Failure::input(format!("`{name}` may be any of {} documents", documents.len()));
            Err(failure.hint(format!("name one with its folder: {}", whole.join(", "))))
        }
        Named::Nothing => Err(unknown(assessment, name, catalog)),
    }
}

fn unknown(assessment: &Assessment, name: &str, catalog: Option<&Catalog>) -> Failure {
    let (message, list) = match catalog {
        Some(_) => (
            format!("`{name}` is neither a criterion of the catalog nor a document seen"),
            "list criteria with `evidex catalog list`, documents with `evidex documents`",
        ),
        None => (format!("no document `{name}` was seen"), "list documents with `evidex documents`"),
    };
    let failure = Failure::input(message);
    let ids = catalog.iter().flat_map(|catalog| &catalog.criteria).map(|criterion| criterion.id.as_str());
    let paths = assessment.documents.iter().map(|document| document.name.path.as_str());
    match nearest(name, ids).or_else(|| nearest(name, paths)) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure.hint(list),
    }
}

fn find<'a>(assessment: &'a Assessment, name: &str) -> Named<'a> {
    let wanted = name.trim_start_matches("./");
    let on_disk = std::fs::canonicalize(name).or_else(|_| std::path::absolute(Path::new(name)));
    let on_disk = on_disk.map(|path| path.to_string_lossy().into_owned()).unwrap_or_default();
    let is_whole = |document: &AssessedDocument| whole(document) == on_disk || whole(document) == wanted;
    let is_path = |document: &AssessedDocument| document.name.path == wanted;
    let ends = |document: &AssessedDocument| whole(document).ends_with(&format!("/{wanted}"));
    let ends_so = |document: &AssessedDocument| whole(document).ends_with(wanted);
    let sorts: [&dyn Fn(&AssessedDocument) -> bool; 4] = [&is_whole, &is_path, &ends, &ends_so];
    for fits in sorts {
        let mut found: Vec<_> = assessment.documents.iter().filter(|document| fits(document)).collect();
        match found.len() {
            0 => {}
            1 => return Named::One(found.remove(0)),
            _ => return Named::Several(found),
        }
    }
    Named::Nothing
}

fn whole(document: &AssessedDocument) -> String {
    format!("{}/{}", document.name.root.trim_end_matches('/'), document.name.path)
}
