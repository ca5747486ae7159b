//! `evidex search`: find documents by their text.

use crate::cli::args::{FacetBy, Global, Narrow, SearchArgs, SearchFormat, SortBy};
use crate::cli::failure::Failure;
use crate::cli::{Exit, output};
use crate::domain::day::Day;
use crate::domain::query::{self, CodeField, FieldName, Query, QueryError, TextField};
use crate::engine::question::{self, Asked, Fold, Passages, Past};
use crate::engine::{Facet, Place, Sort, Sought};
use crate::report::search::{self as report, Found};

pub(super) fn run(global: &Global, args: &SearchArgs) -> Result<Exit, Failure> {
    let sought = sought(global, args);
    let place = Place::open_to_ask(&sought)?;
    let asked = asked(args, question::today(&place))?;
    if args.show.count {
        let total = question::count(place, &sought, &asked)?;
        output::answer(&total.to_string())?;
        return Ok(exit(total));
    }
    if let Some(by) = args.show.by {
        return print_facets(&question::facets(place, &sought, &asked, facet(by))?, args.show.format);
    }
    let found = question::search(place, &sought, &asked)?;
    if args.show.print0 {
        // As they are: a stream for people drops the zero bytes.
        output::answer_bytes(report::paths_zero(&found).as_bytes())?;
    } else {
        output::answer(&text(&found, args))?;
    }
    if let Some(nothing) = &found.nothing {
        nothing.lines(&found.query).iter().for_each(|line| super::tell(global, line));
    }
    Ok(exit(found.total))
}

fn exit(total: usize) -> Exit {
    if total == 0 { Exit::No } else { Exit::Done }
}

/// A root that is a folder here says which state is meant, unless one is named.
fn sought(global: &Global, args: &SearchArgs) -> Sought {
    let folders: Vec<_> = args.narrow.root.iter().filter(|root| root.is_dir()).cloned().collect();
    super::sought(global, &folders)
}

fn text(found: &Found, args: &SearchArgs) -> String {
    match args.show.format {
        SearchFormat::Table if args.show.lines => report::lines(found, super::screen()),
        SearchFormat::Table => report::table(found, super::screen()),
        SearchFormat::Json => report::json(found),
        SearchFormat::Jsonl => report::jsonl(found),
        SearchFormat::Csv => report::csv(found),
        SearchFormat::Paths => report::paths(found),
    }
}

fn facet(by: FacetBy) -> Facet {
    match by {
        FacetBy::Criterion => Facet::Criterion,
        FacetBy::Type => Facet::Type,
        FacetBy::Site => Facet::Site,
        FacetBy::Role => Facet::Role,
        FacetBy::Year => Facet::Year,
    }
}

fn print_facets(facets: &report::Facets, format: SearchFormat) -> Result<Exit, Failure> {
    let text = match format {
        SearchFormat::Table => facets.table(super::screen()),
        SearchFormat::Json => facets.json(),
        SearchFormat::Jsonl => facets.jsonl(),
        SearchFormat::Csv => facets.csv(),
        SearchFormat::Paths => return Err(Failure::input("`--by` counts documents and has no paths to print")),
    };
    output::answer(&text)?;
    Ok(exit(facets.total))
}

fn asked(args: &SearchArgs, today: Day) -> Result<Asked, Failure> {
    let text = args.query.join(" ");
    let filters = filters(&args.narrow, today)?;
    let is_narrowed = !filters.is_empty() || args.narrow.like.is_some() || args.show.by.is_some();
    let is_everything = text.trim().is_empty() && (is_narrowed || args.narrow.root.iter().any(|root| root.is_dir()));
    let query = if is_everything { Query::All } else { query::parse(&text, today).map_err(|e| bad_query(&e, None))? };
    Ok(Asked {
        text,
        query,
        filters,
        sort: match args.show.sort {
            SortBy::Relevance => Sort::Relevance,
            SortBy::Date => Sort::Date,
            SortBy::Path => Sort::Path,
        },
        limit: args.show.limit,
        offset: args.show.offset,
        fold: if args.show.all_versions { Fold::Never } else { Fold::UnderNewest },
        passages: passages(args),
        past: past(args)?,
        like: args.narrow.like.clone(),
    })
}

fn passages(args: &SearchArgs) -> Passages {
    if args.show.print0 {
        return Passages::LeaveOut;
    }
    match args.show.format {
        SearchFormat::Paths => Passages::LeaveOut,
        SearchFormat::Table if args.show.lines => Passages::LeaveOut,
        SearchFormat::Table | SearchFormat::Json | SearchFormat::Jsonl | SearchFormat::Csv => Passages::Show,
    }
}

fn past(args: &SearchArgs) -> Result<Past, Failure> {
    let moment = &args.moment;
    if moment.deleted {
        return Ok(Past::Deleted);
    }
    if moment.as_of.is_none() && moment.known_by.is_none() {
        return Ok(Past::Now);
    }
    let known_by = moment.known_by.as_deref().map(super::instant).transpose()?;
    Ok(Past::At { day: moment.as_of, known_by })
}

/// Each flag's values as one query.
fn filters(narrow: &Narrow, today: Day) -> Result<Vec<Query>, Failure> {
    let named_roots: Vec<String> =
        narrow.root.iter().filter(|root| !root.is_dir()).map(|root| root.to_string_lossy().into_owned()).collect();
    let one = |value: &Option<String>| value.iter().cloned().collect::<Vec<_>>();
    let mut filters = Vec::new();
    for (flag, field, values) in [
        ("criterion", FieldName::Code(CodeField::Criterion), &narrow.criterion),
        ("role", FieldName::Code(CodeField::Role), &narrow.role),
        ("kind", FieldName::Code(CodeField::Kind), &narrow.kind),
        ("type", FieldName::Code(CodeField::Type), &narrow.file_type),
        ("site", FieldName::Code(CodeField::Site), &narrow.site),
        ("root", FieldName::Code(CodeField::Root), &named_roots),
        ("path", FieldName::Text(TextField::Path), &narrow.path),
        ("since", FieldName::Since, &one(&narrow.since)),
        ("until", FieldName::Until, &one(&narrow.until)),
        ("outcome", FieldName::Code(CodeField::Outcome), &narrow.outcome),
        ("language", FieldName::Code(CodeField::Language), &narrow.language),
    ] {
        let mut any_of = Vec::new();
        for value in values {
            any_of.push(query::filter(field, value, today).map_err(|error| bad_query(&error, Some(flag)))?);
        }
        if !any_of.is_empty() {
            filters.push(Query::any_of(any_of));
        }
    }
    Ok(filters)
}

/// The query with a mark at the character, or the flag at fault.
fn bad_query(error: &QueryError, flag: Option<&str>) -> Failure {
    match flag {
        Some(flag) => Failure::input(format!("could not understand `--{flag}`: {}", error.problem)),
        None => Failure::input(error.to_string()),
    }
    .hint("`evidex search --help` shows what a query may hold")
}
