//! The gap report as a management paper (DOCX): summary, a table for each category, appendices.

use std::io::Cursor;

use docx_rs::{
    AlignmentType, Docx, Footer, PageNum, PageOrientationType, Paragraph, Run, RunFonts, Shading, Style, StyleType,
    Table, TableCell, TableLayoutType, TableRow, WidthType,
};

use super::view::{self, View};
use super::{Options, Show};
use crate::domain::assess::status::{AssessedCriterion, Assessment, DocumentState};
use crate::report::escape::docx as escape;
use crate::report::text::{clip, one_line, sentence};
use crate::report::{GENERATED_BY, VERSION, names};

/// Why the paper could not be packed.
#[derive(Debug, thiserror::Error)]
#[error("cannot pack the report as a DOCX file: {reason}")]
pub struct DocxError {
    reason: String,
}

/// Twentieths of a point: Letter, landscape, margins of an inch.
const PAGE: (u32, u32) = (15_840, 12_240);
const GAP_COLUMNS: [(&str, usize); 5] =
    [("Criterion", 2_700), ("Level, status", 1_500), ("Have", 2_900), ("Lacks", 2_930), ("Do next", 2_930)];
const PAPER_COLUMNS: [(&str, usize); 3] = [("Document", 5_400), ("Why it does not count", 5_160), ("For", 2_400)];
const READ_COLUMNS: [(&str, usize); 3] = [("Document", 5_400), ("Reason", 2_760), ("What to do", 4_800)];
const LIST_COLUMNS: [(&str, usize); 3] = [("Criterion", 8_160), ("Status", 2_400), ("Until", 2_400)];

/// Characters of a quoted passage.
const QUOTE: usize = 200;

/// The bytes of a DOCX file.
pub fn docx(assessment: &Assessment, options: Options) -> Result<Vec<u8>, DocxError> {
    let view = View::new(assessment, options.show);
    let mut paper = paper(assessment);
    paper = summary(paper, &view);
    for group in &view.categories {
        paper = paper.add_paragraph(heading(&format!("{} {}", group.id, group.name)));
        paper = paper.add_table(table(GAP_COLUMNS, group.gaps.iter().map(|gap| gap_row(&view, gap))));
    }
    paper = portal(paper, &view);
    paper = proven(paper, &view, options.show);
    paper = blocked(paper, &view);
    paper = unreadable(paper, &view);
    paper = closing(paper, &view);
    let mut bytes = Cursor::new(Vec::new());
    paper.build().pack(&mut bytes).map_err(|error| DocxError { reason: error.to_string() })?;
    Ok(bytes.into_inner())
}

/// The empty paper: page, fonts, styles, and the properties by which it is known as ours.
fn paper(assessment: &Assessment) -> Docx {
    let style = |id: &str, name: &str, size| Style::new(id, StyleType::Paragraph).name(name).bold().size(size);
    let instant = format!("{}T00:00:00Z", assessment.as_of);
    let footer = Paragraph::new()
        .align(AlignmentType::Right)
        .add_run(Run::new().size(16).add_text(format!("{GENERATED_BY}, page ")))
        .add_page_num(PageNum::new());
    Docx::new()
        .created_at(&instant)
        .updated_at(&instant)
        .custom_property("Generator", format!("{GENERATED_BY} {VERSION}"))
        .page_size(PAGE.0, PAGE.1)
        .page_orient(PageOrientationType::Landscape)
        .default_fonts(RunFonts::new().ascii("Calibri").hi_ansi("Calibri"))
        .default_size(20)
        .add_style(style("Title", "Title", 36))
        .add_style(style("Heading1", "heading 1", 26))
        .footer(Footer::new().add_paragraph(footer))
}

fn summary(mut paper: Docx, view: &View<'_>) -> Docx {
    let Assessment { as_of, entity, notices, .. } = view.assessment;
    let title = format!("CTPAT evidence gaps on {as_of}, {}", entity.title());
    paper = paper.add_paragraph(Paragraph::new().style("Title").add_run(run(&title)));
    for line in view.doubt().into_iter().chain([view.opening()]).chain(notices.iter().map(|n| sentence(n))) {
        paper = paper.add_paragraph(text(&line));
    }
    paper
}

fn gap_row<'a>(view: &View<'a>, gap: &'a AssessedCriterion) -> [Vec<Paragraph>; 5] {
    let [have, lacks, next] = view::plain(gap);
    let mut have = vec![text(&have)];
    if let Some(shown) = view::passage(gap) {
        let quote = clip(&one_line(&shown.quote.text), QUOTE);
        let place = &shown.quote.place_text;
        let at = if place.is_empty() { String::new() } else { format!(", {place}") };
        let line = format!("\"{quote}\" ({}{at})", view.path(shown.document));
        have.push(Paragraph::new().add_run(run(&line).italic().size(16)));
    }
    let level = format!("{}, {}", names::level(gap), names::status(gap.status));
    [vec![text(&format!("{} {}", gap.id, gap.title))], vec![text(&level)], have, vec![text(&lacks)], vec![text(&next)]]
}

fn portal(mut paper: Docx, view: &View<'_>) -> Docx {
    if view.unknown.is_empty() {
        return paper;
    }
    paper = paper.add_paragraph(heading("Check your portal"));
    let words = "Whether these apply could not be established. They are counted neither as gaps nor as proven.";
    paper = paper.add_paragraph(text(words));
    paper.add_table(table(LIST_COLUMNS, view.unknown.iter().map(|c| list_row(c))))
}

fn proven(mut paper: Docx, view: &View<'_>, show: Show) -> Docx {
    let (current, soon, waived) = (view.current.len(), view.due_soon.len(), view.waived.len());
    paper = paper.add_paragraph(heading("Proven"));
    paper = paper.add_paragraph(text(&format!("{current} current, {soon} due soon, {waived} waived.")));
    let more: &[&Vec<&AssessedCriterion>] = match show {
        Show::Gaps => &[],
        Show::All => &[&view.current, &view.waived, &view.not_applicable],
    };
    let rows: Vec<_> = [&view.due_soon].iter().chain(more).flat_map(|list| list.iter()).map(|c| list_row(c)).collect();
    if rows.is_empty() { paper } else { paper.add_table(table(LIST_COLUMNS, rows.into_iter())) }
}

fn list_row(criterion: &AssessedCriterion) -> [Vec<Paragraph>; 3] {
    let due = criterion.due.map_or_else(String::new, |due| due.to_string());
    let title = format!("{} {}", criterion.id, criterion.title);
    [title.as_str(), names::status(criterion.status), &due].map(|cell| vec![text(cell)])
}

fn blocked(mut paper: Docx, view: &View<'_>) -> Docx {
    if view.blocked.is_empty() {
        return paper;
    }
    paper = paper.add_paragraph(heading("Appendix: looked like proof, and why it is not"));
    let rows = view.blocked.values().flatten().map(|blocked| {
        let criteria: Vec<&str> = blocked.criteria.iter().map(|id| id.as_str()).collect();
        [&view.path(blocked.document), blocked.why, &criteria.join(", ")].map(|cell| vec![text(cell)])
    });
    paper.add_table(table(PAPER_COLUMNS, rows))
}

fn unreadable(mut paper: Docx, view: &View<'_>) -> Docx {
    if view.unreadable.is_empty() && view.unsupported.is_empty() && view.ocr_pending + view.pending == 0 {
        return paper;
    }
    paper = paper.add_paragraph(heading("Appendix: could not be read"));
    let rows = view.unreadable.iter().flat_map(|(reason, documents)| {
        documents.iter().map(|document| {
            let why = match &document.state {
                DocumentState::Unreadable { detail, .. } if !detail.is_empty() => {
                    format!("{} ({detail})", names::unreadable(*reason))
                }
                DocumentState::Unreadable { .. }
                | DocumentState::Read
                | DocumentState::Unsupported { .. }
                | DocumentState::OcrPending
                | DocumentState::Pending => names::unreadable(*reason).to_owned(),
            };
            [&view.path(&document.name), why.as_str(), reason.advice()].map(|cell| vec![text(cell)])
        })
    });
    if !view.unreadable.is_empty() {
        paper = paper.add_table(table(READ_COLUMNS, rows));
    }
    for (number, what) in [(view.ocr_pending, "waiting for text recognition (OCR)"), (view.pending, "not read yet")] {
        if number > 0 {
            paper = paper.add_paragraph(text(&format!("{number} {what}.")));
        }
    }
    if !view.unsupported.is_empty() {
        let kinds = view::unsupported_words(&view.unsupported).join(", ");
        paper = paper.add_paragraph(text(&format!("Of kinds that are not read: {kinds}.")));
    }
    paper
}

fn closing(mut paper: Docx, view: &View<'_>) -> Docx {
    let Assessment { as_of, entity, catalog, edition, head, .. } = view.assessment;
    paper = paper.add_paragraph(heading("About this report"));
    if view.any_unverified() {
        let words = "A level with a question mark is likely, but no source that we could read confirms it.";
        paper = paper.add_paragraph(text(words));
    }
    let about = format!("As of {as_of} for {}. Catalog {catalog} ({edition}).", names::an(*entity));
    let program = format!("Ledger head {}. Program version {VERSION}.", names::head(*head));
    for line in [about.as_str(), &program, GENERATED_BY] {
        paper = paper.add_paragraph(text(line));
    }
    paper
}

fn table<const N: usize>(columns: [(&str, usize); N], rows: impl Iterator<Item = [Vec<Paragraph>; N]>) -> Table {
    let cell = |at: usize| TableCell::new().width(columns[at].1, WidthType::Dxa);
    let head = (0..N).map(|at| {
        let paragraph = Paragraph::new().add_run(run(columns[at].0).bold());
        cell(at).shading(Shading::new().fill("D9E2F3")).add_paragraph(paragraph)
    });
    let head = TableRow::new(head.collect()).cant_split();
    let body = rows.map(|row| {
        let filled = row
            .into_iter()
            .enumerate()
            .map(|(at, paragraphs)| paragraphs.into_iter().fold(cell(at), TableCell::add_paragraph));
        TableRow::new(filled.collect()).cant_split()
    });
    Table::new(std::iter::once(head).chain(body).collect())
        .set_grid(columns.map(|column| column.1).to_vec())
        .layout(TableLayoutType::Fixed)
}

fn heading(words: &str) -> Paragraph {
    Paragraph::new().style("Heading1").keep_next(true).add_run(run(words))
}

fn text(words: &str) -> Paragraph {
    Paragraph::new().add_run(run(words))
}

fn run(words: &str) -> Run {
    Run::new().add_text(escape(words))
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use docx_rs::{DocumentChild, TableChild, TableRowChild, read_docx};

    use super::*;
    use crate::report::gaps::Lists;
    use crate::report::look::Look;
    use crate::report::sample::sample;

    fn bytes(show: Show) -> Vec<u8> {
        docx(&sample(), Options { show, lists: Lists::Cut, look: Look::PLAIN }).unwrap()
    }

    fn part(bytes: &[u8], name: &str) -> String {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn reads_back_with_a_table_for_each_category() {
        let read = read_docx(&bytes(Show::Gaps)).unwrap();
        let mut lines = Vec::new();
        let mut tables = Vec::new();
        for child in &read.document.children {
            match child {
                DocumentChild::Paragraph(paragraph) => lines.push(paragraph.raw_text()),
                DocumentChild::Table(table) => tables.push(first_cells(table)),
                _ => {}
            }
        }
        assert!(lines[1].starts_with("On 2026-11-01 you could not prove 6 of 9 criteria (5 must)."), "{lines:?}");
        assert_eq!(lines.last().unwrap(), GENERATED_BY);
        assert_eq!(
            tables[..4],
            [
                vec!["Criterion", "4.2 IT policies"],
                vec!["Criterion", "5.3 Pre-loading inspection", "5.29 Reporting of pests"],
                vec!["Criterion", "6.1 Seal policy", "6.7 Seal audits"],
                vec!["Criterion", "9.1 Physical barriers"],
            ]
        );
        assert_eq!(tables.last().unwrap().len(), 4, "a head and the three unreadable documents");
    }

    fn first_cells(table: &Table) -> Vec<String> {
        let first = |TableChild::TableRow(row): &TableChild| {
            let TableRowChild::TableCell(cell) = &row.cells[0];
            let docx_rs::TableCellContent::Paragraph(paragraph) = &cell.children[0] else { panic!("no paragraph") };
            paragraph.raw_text()
        };
        table.rows.iter().map(first).collect()
    }

    #[test]
    fn is_marked_as_ours_in_text_and_properties() {
        let bytes = bytes(Show::Gaps);
        for name in ["word/document.xml", "docProps/custom.xml", "word/footer1.xml"] {
            assert!(part(&bytes, name).contains(GENERATED_BY), "{name}");
        }
        assert!(part(&bytes, "docProps/core.xml").contains("2026-11-01T00:00:00Z"));
    }

    #[test]
    fn the_same_answer_gives_the_same_bytes() {
        assert!(bytes(Show::All) == bytes(Show::All));
    }

    #[test]
    fn hostile_text_leaves_the_xml_whole() {
        let mut assessment = sample();
        assessment.criteria[0].title = "</w:t><x>&\u{0}\u{ffff}\u{202e}".into();
        let options = Options { show: Show::All, lists: Lists::Cut, look: Look::PLAIN };
        let document = part(&docx(&assessment, options).unwrap(), "word/document.xml");
        let mut reader = quick_xml::Reader::from_str(&document);
        while reader.read_event().unwrap() != quick_xml::events::Event::Eof {}
        assert!(!document.contains(['\u{0}', '\u{ffff}', '\u{202e}']) && document.contains("&lt;x&gt;&amp;"));
    }
}
