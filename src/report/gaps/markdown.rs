//! The gap report as Markdown: for a wiki, a ticket or a mail.

use super::view::{self, View};
use super::{Options, Show};
use crate::domain::assess::status::{AssessedCriterion, Assessment};
use crate::report::escape::markdown as escape;
use crate::report::text::{clip, one_line, sentence};
use crate::report::{GENERATED_BY, VERSION, names};

/// Characters of a quoted passage.
const QUOTE: usize = 200;

/// One Markdown document.
pub fn markdown(assessment: &Assessment, options: Options) -> String {
    let view = View::new(assessment, options.show);
    let mut out = format!("# CTPAT evidence gaps on {}\n\n", assessment.as_of);
    for paragraph in view.doubt().into_iter().chain([view.opening()]) {
        out.push_str(&format!("{}\n\n", escape(&paragraph)));
    }
    for notice in &assessment.notices {
        out.push_str(&format!("> {}\n\n", escape(&sentence(notice))));
    }
    for group in &view.categories {
        section(&mut out, &format!("{} {}", group.id, group.name));
        gaps(&mut out, &view, &group.gaps);
    }
    portal(&mut out, &view);
    blocked(&mut out, &view);
    unreadable(&mut out, &view);
    proven(&mut out, &view, options.show);
    footer(&mut out, &view);
    out
}

fn section(out: &mut String, title: &str) {
    out.push_str(&format!("## {}\n\n", escape(title)));
}

fn gaps<'a>(out: &mut String, view: &View<'a>, gaps: &[&'a AssessedCriterion]) {
    out.push_str("| Criterion | Level | Status | Have | Lacks | Do next |\n|---|---|---|---|---|---|\n");
    for gap in gaps {
        let [have, lacks, next] = view::plain(gap).map(|text| escape(&text));
        let (title, level, status) = (escape(&gap.title), names::level(gap), names::status(gap.status));
        out.push_str(&format!("| {} {title} | {level} | {status} | {have} | {lacks} | {next} |\n", gap.id));
    }
    out.push('\n');
    for gap in gaps {
        let Some(shown) = view::passage(gap) else { continue };
        let (path, place) = (escape(&view.path(shown.document)), escape(&shown.quote.place_text));
        let at = if place.is_empty() { path } else { format!("{path}, {place}") };
        let text = escape(&clip(&one_line(&shown.quote.text), QUOTE));
        out.push_str(&format!("- {}: \"{text}\" ({at})\n", gap.id));
    }
    if gaps.iter().any(|gap| view::passage(gap).is_some()) {
        out.push('\n');
    }
}

fn portal(out: &mut String, view: &View<'_>) {
    if view.unknown.is_empty() {
        return;
    }
    section(out, "Check your portal");
    out.push_str("Whether these apply could not be established; they are counted neither as gaps nor as proven.\n\n");
    list(out, &view.unknown);
}

fn blocked(out: &mut String, view: &View<'_>) {
    if view.blocked.is_empty() {
        return;
    }
    section(out, "Looked like proof, and why it is not");
    for (role, papers) in &view.blocked {
        out.push_str(&format!("### {}\n\n", names::role_heading(*role)));
        for paper in papers {
            let criteria: Vec<&str> = paper.criteria.iter().map(|id| id.as_str()).collect();
            let (path, why) = (escape(&view.path(paper.document)), escape(paper.why));
            out.push_str(&format!("- {path}: {why} (for {})\n", criteria.join(", ")));
        }
        out.push('\n');
    }
}

fn unreadable(out: &mut String, view: &View<'_>) {
    if view.unreadable.is_empty() && view.unsupported.is_empty() && view.ocr_pending + view.pending == 0 {
        return;
    }
    section(out, "Could not be read");
    for (reason, documents) in &view.unreadable {
        out.push_str(&format!("- {}: {}\n", names::unreadable(*reason), escape(reason.advice())));
        for document in documents {
            let hinted = view.hinted(document);
            out.push_str(&format!("  - {}{hinted}\n", escape(&view.path(&document.name))));
        }
    }
    for (number, what) in [(view.ocr_pending, "waiting for text recognition (OCR)"), (view.pending, "not read yet")] {
        if number > 0 {
            out.push_str(&format!("- {number} {what}\n"));
        }
    }
    if !view.unsupported.is_empty() {
        let kinds = escape(&view::unsupported_words(&view.unsupported).join(", "));
        out.push_str(&format!("- Of kinds that are not read: {kinds}\n"));
    }
    out.push('\n');
}

fn proven(out: &mut String, view: &View<'_>, show: Show) {
    section(out, "Proven");
    let (current, soon, waived) = (view.current.len(), view.due_soon.len(), view.waived.len());
    out.push_str(&format!("{current} current, {soon} due soon, {waived} waived.\n\n"));
    list(out, &view.due_soon);
    match show {
        Show::Gaps => {}
        Show::All => {
            for criteria in [&view.current, &view.waived, &view.not_applicable] {
                list(out, criteria);
            }
        }
    }
}

fn list(out: &mut String, criteria: &[&AssessedCriterion]) {
    for criterion in criteria {
        let due = criterion.due.map_or_else(String::new, |due| format!(", until {due}"));
        let status = names::status(criterion.status);
        out.push_str(&format!("- {} {} ({status}{due})\n", criterion.id, escape(&criterion.title)));
    }
    if !criteria.is_empty() {
        out.push('\n');
    }
}

fn footer(out: &mut String, view: &View<'_>) {
    let Assessment { as_of, entity, catalog, edition, head, .. } = view.assessment;
    out.push_str("---\n\n");
    if view.any_unverified() {
        out.push_str("A level with a question mark is likely, but no source that we could read confirms it.\n\n");
    }
    let (catalog, edition) = (escape(catalog), escape(edition));
    out.push_str(&format!(
        "As of {as_of} for {}. Catalog {catalog} ({edition}). Ledger head {}. Program version {VERSION}.\n\n\
         {GENERATED_BY}\n",
        names::an(*entity),
        names::head(*head)
    ));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::gaps::Lists;
    use crate::report::look::Look;
    use crate::report::sample::sample;

    fn report(show: Show) -> String {
        markdown(&sample(), Options { show, lists: Lists::Cut, look: Look::PLAIN })
    }

    #[test]
    fn reads_as_a_document() {
        assert_eq!(report(Show::Gaps), include_str!("golden/document.md"));
    }

    #[test]
    fn all_lists_what_is_proven_too() {
        let report = report(Show::All);
        for line in ["- 1.1 Statement of support (current)", "- 3.9 Forced labour (not applicable)"] {
            assert!(report.contains(line), "{line}");
        }
    }
}
