//! The gap report on a screen, for a manager: 80 columns, no scores, understood without colour.

use super::view::{self, Blocked, Group, View};
use super::{Lists, Options, Show};
use crate::domain::assess::status::{AssessedCriterion, AssessedDocument, Assessment, DocumentState, Status};
use crate::domain::entity::Level;
use crate::report::escape::terminal;
use crate::report::look::Tone;
use crate::report::text::{clip, count, hang, one_line, sentence, width, wrap};
use crate::report::{GENERATED_BY, VERSION, names};

/// How many lines of each list are shown before "and N more".
const CUT: usize = 8;
/// Characters of a quoted passage.
const QUOTE: usize = 160;
/// Where the text of a gap begins.
const INDENT: &str = "       ";

/// The screen.
pub fn table(assessment: &Assessment, options: Options) -> String {
    let view = View::new(assessment, options.show);
    let screen = Screen { view: &view, options };
    let mut out = screen.opening();
    for group in &view.categories {
        out.push_str(&screen.category(group));
    }
    out.push_str(&screen.portal());
    out.push_str(&screen.blocked());
    out.push_str(&screen.unreadable());
    out.push_str(&screen.proven());
    out.push_str(&screen.footer());
    out
}

struct Screen<'v, 'a> {
    view: &'v View<'a>,
    options: Options,
}

impl<'a> Screen<'_, 'a> {
    fn opening(&self) -> String {
        let mut out = String::new();
        if let Some(doubt) = self.view.doubt() {
            out.push_str(&self.paragraph(&doubt));
            out.push('\n');
        }
        out.push_str(&self.paragraph(&terminal(&self.view.opening())));
        for notice in &self.view.assessment.notices {
            out.push_str(&self.hang("  Note   ", &terminal(&sentence(notice))));
        }
        out
    }

    fn category(&self, group: &Group<'a>) -> String {
        let musts = group.gaps.iter().filter(|gap| gap.level == Level::Must).count();
        let title = format!("{} {}", group.id, terminal(group.name));
        let counts = format!("{}, {musts} must", count(group.gaps.len(), "gap", "gaps"));
        let mut out = self.heading(&format!("{title} ({counts})"));
        for (at, gap) in group.gaps.iter().enumerate() {
            if at > 0 {
                out.push('\n');
            }
            out.push_str(&self.gap(gap));
        }
        out
    }

    fn gap(&self, gap: &'a AssessedCriterion) -> String {
        let mut out = self.gap_head(gap);
        let [have, lacks, next] = view::plain(gap);
        out.push_str(&self.field("Have", &terminal(&have)));
        out.push_str(&self.field("Lacks", &terminal(&lacks)));
        out.push_str(&self.field("Do next", &terminal(&next)));
        for need in &gap.needs {
            if !need.missing_periods.is_empty() {
                out.push_str(&self.field("Periods", &format!("nothing for {}", need.missing_periods.join(", "))));
            }
            for warning in &need.warnings {
                out.push_str(&self.field("Note", &terminal(&sentence(warning))));
            }
        }
        if let Some(shown) = view::passage(gap) {
            let text = terminal(&clip(&one_line(&shown.quote.text), QUOTE)).into_owned();
            let place = &shown.quote.place_text;
            let at = if place.is_empty() { String::new() } else { format!(", {}", terminal(place)) };
            out.push_str(
                &self.field("Quote", &format!("\"{text}\" ({}{at})", terminal(&self.view.path(shown.document)))),
            );
        }
        out
    }

    /// `  5.3  Pre-loading inspection                    must, missing`
    fn gap_head(&self, gap: &AssessedCriterion) -> String {
        let lead = format!("  {:<4} ", gap.id.as_str());
        let label = format!("{}, {}", names::level(gap), names::status(gap.status));
        let columns = self.options.look.columns();
        let room = columns.saturating_sub(width(&lead) + width(&label) + 2);
        let mut out = String::new();
        for (at, line) in wrap(&terminal(&gap.title), room).iter().enumerate() {
            if at > 0 {
                out.push_str(&format!("{INDENT}{line}\n"));
                continue;
            }
            let gap_width = columns.saturating_sub(width(&lead) + width(line) + width(&label)).max(2);
            let title = self.options.look.paint(Tone::Heading, &format!("{lead}{line}"));
            let label = self.options.look.paint(tone(gap), &label);
            out.push_str(&format!("{title}{}{label}\n", " ".repeat(gap_width)));
        }
        out
    }

    fn portal(&self) -> String {
        let unknown = &self.view.unknown;
        if unknown.is_empty() {
            return String::new();
        }
        let mut out = self.heading(&format!("Check your portal ({})", unknown.len()));
        let entity = names::an(self.view.assessment.entity);
        out.push_str(&self.paragraph(&format!(
            "Whether these apply to {entity} could not be established from any source that we could read. They are \
             counted neither as gaps nor as proven; your CTPAT portal says."
        )));
        out.push_str(&self.list(unknown, "evidex gaps --all", |c| self.titled(c, "")));
        out
    }

    fn blocked(&self) -> String {
        if self.view.blocked.is_empty() {
            return String::new();
        }
        let mut out = self.heading("Looked like proof, and why it is not");
        for (role, papers) in &self.view.blocked {
            out.push_str(&format!("  {} ({})\n", names::role_heading(*role), papers.len()));
            out.push_str(&self.list(papers, "evidex matches --weak", |paper| self.paper(paper)));
        }
        out
    }

    fn paper(&self, paper: &Blocked<'a>) -> String {
        let criteria: Vec<&str> = paper.criteria.iter().take(6).map(|id| id.as_str()).collect();
        let more = if paper.criteria.len() > criteria.len() { ", ..." } else { "" };
        let path = self.view.path(paper.document);
        let (path, why) = (terminal(&path), terminal(paper.why));
        self.hang("    - ", &format!("{path}: {why} (for {}{more})", criteria.join(", ")))
    }

    fn unreadable(&self) -> String {
        let view = self.view;
        let count_all: usize = view.unreadable.values().map(Vec::len).sum();
        if count_all + view.unsupported.len() + view.ocr_pending + view.pending == 0 {
            return String::new();
        }
        let mut out = self.heading(&format!("Could not be read ({})", count(count_all, "document", "documents")));
        if count_all > 0 {
            out.push_str(&self.paragraph("Nobody knows what these prove. Each may close a gap once it can be read."));
        }
        for (reason, documents) in &view.unreadable {
            let head = format!("{} ({}): {}", names::unreadable(*reason), documents.len(), reason.advice());
            out.push_str(&self.hang("  ", &head));
            out.push_str(&self.list(documents, "evidex unreadable", |d| self.hang("    - ", &self.unread(d))));
        }
        if view.ocr_pending > 0 {
            let waits = count(view.ocr_pending, "scan waits", "scans wait");
            out.push_str(&self.hang("  ", &format!("{waits} for text recognition (OCR).")));
        }
        if view.pending > 0 {
            let seen = count(view.pending, "document was", "documents were");
            out.push_str(&self.hang("  ", &format!("{seen} seen and not read yet: run `evidex scan`.")));
        }
        if !view.unsupported.is_empty() {
            let kinds = terminal(&view::unsupported_words(&view.unsupported).join(", ")).into_owned();
            out.push_str(&self.hang("  ", &format!("Of kinds that are not read: {kinds}.")));
        }
        out
    }

    /// Path and detail of a document that could not be read.
    fn unread(&self, document: &'a AssessedDocument) -> String {
        let path = self.view.path(&document.name);
        let path = terminal(&path);
        match &document.state {
            DocumentState::Unreadable { detail, .. } if !detail.is_empty() => {
                format!("{path} ({}){}", terminal(detail), self.view.hinted(document))
            }
            DocumentState::Unreadable { .. } => format!("{path}{}", self.view.hinted(document)),
            DocumentState::Read
            | DocumentState::Unsupported { .. }
            | DocumentState::OcrPending
            | DocumentState::Pending => path.into_owned(),
        }
    }

    fn proven(&self) -> String {
        let view = self.view;
        let mut out = self.heading("Proven");
        let mut counts = vec![format!("{} current", view.current.len()), format!("{} due soon", view.due_soon.len())];
        if !view.waived.is_empty() {
            counts.push(format!("{} waived", view.waived.len()));
        }
        out.push_str(&self.hang("  ", &format!("{}.", counts.join(", "))));
        let until = |c: &AssessedCriterion| c.due.map_or_else(String::new, |due| format!(" (until {due})"));
        out.push_str(&self.list(&view.due_soon, "evidex gaps --all", |c| self.titled(c, &until(c))));
        match self.options.show {
            Show::Gaps => {}
            Show::All => {
                for (title, criteria) in
                    [("Current", &view.current), ("Waived", &view.waived), ("Not applicable", &view.not_applicable)]
                {
                    if !criteria.is_empty() {
                        out.push_str(&format!("  {title} ({})\n", criteria.len()));
                    }
                    out.extend(criteria.iter().map(|c| self.titled(c, &until(c))));
                }
            }
        }
        out
    }

    fn footer(&self) -> String {
        let Assessment { as_of, entity, catalog, edition, head, .. } = self.view.assessment;
        let mut out = String::from("\n");
        if self.view.any_unverified() {
            out.push_str(&self.hang(
                "? ",
                "The level is likely, but no source that we could read confirms it. Your CTPAT portal has the last \
                 word.",
            ));
            out.push('\n');
        }
        let lines = [
            format!("As of {as_of} for {}. Catalog {} ({}).", names::an(*entity), terminal(catalog), terminal(edition)),
            format!("Ledger head {}. Program version {VERSION}.", names::head(*head)),
            GENERATED_BY.to_owned(),
        ];
        for line in lines {
            for wrapped in wrap(&line, self.options.look.columns()) {
                out.push_str(&self.options.look.paint(Tone::Quiet, &wrapped));
                out.push('\n');
            }
        }
        out
    }

    fn titled(&self, criterion: &AssessedCriterion, more: &str) -> String {
        self.hang(&format!("    {:<5} ", criterion.id.as_str()), &format!("{}{more}", terminal(&criterion.title)))
    }

    fn list<T>(&self, items: &[T], all: &str, line: impl Fn(&T) -> String) -> String {
        let most = match self.options.lists {
            Lists::Cut if items.len() > CUT + 1 => CUT,
            Lists::Cut | Lists::Full => items.len(),
        };
        let mut out: String = items.iter().take(most).map(line).collect();
        if items.len() > most {
            out.push_str(&format!("    and {} more (`{all}` shows all)\n", items.len() - most));
        }
        out
    }

    fn heading(&self, text: &str) -> String {
        let lines = wrap(text, self.options.look.columns());
        let painted: Vec<String> = lines.iter().map(|line| self.options.look.paint(Tone::Heading, line)).collect();
        let rule = "-".repeat(lines.iter().map(|line| width(line)).max().unwrap_or(0));
        format!("\n{}\n{rule}\n", painted.join("\n"))
    }

    fn field(&self, name: &str, text: &str) -> String {
        self.hang(&format!("{INDENT}{name:<8} "), text)
    }

    fn hang(&self, lead: &str, text: &str) -> String {
        hang(lead, text, self.options.look.columns())
    }

    fn paragraph(&self, text: &str) -> String {
        self.hang("", text)
    }
}

fn tone(gap: &AssessedCriterion) -> Tone {
    match gap.status {
        Status::Missing | Status::ProcedureOnly | Status::Stale => Tone::Bad,
        Status::RecordOnly | Status::NeedsReview | Status::DueSoon | Status::Unknown => Tone::Doubt,
        Status::Current | Status::Waived => Tone::Good,
        Status::NotApplicable => Tone::Quiet,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::look::{Colour, Look};
    use crate::report::sample::sample;

    const PLAIN: Options = Options { show: Show::Gaps, lists: Lists::Cut, look: Look::PLAIN };

    #[test]
    fn a_manager_reads_this() {
        assert_eq!(table(&sample(), PLAIN), include_str!("golden/screen.txt"));
    }

    #[test]
    fn fits_its_columns_and_says_the_same_in_colour() {
        for columns in [40, 60, 80, 132] {
            for show in [Show::Gaps, Show::All] {
                let plain = Look { colour: Colour::Plain, columns };
                let screen = table(&sample(), Options { show, look: plain, ..PLAIN });
                for line in screen.lines() {
                    assert!(width(line) <= columns, "{columns}: {line}");
                }
                let colour = Look { colour: Colour::Ansi, columns };
                let painted = table(&sample(), Options { show, look: colour, ..PLAIN });
                assert!(painted.contains('\u{1b}'));
                assert_eq!(anstream::adapter::strip_str(&painted).to_string(), screen);
            }
        }
    }

    #[test]
    fn nothing_foreign_acts_on_the_terminal() {
        let screen = table(&sample(), Options { show: Show::All, lists: Lists::Full, ..PLAIN });
        assert!(!screen.contains(|c: char| c != '\n' && (c.is_control() || c == '\u{202e}')));
    }

    #[test]
    fn long_lists_are_cut_unless_asked() {
        let mut assessment = sample();
        let locked = assessment.documents.iter().find(|d| d.name.path == "locked.pdf").unwrap().clone();
        assessment.documents.extend(std::iter::repeat_n(locked, 20));
        let cut = table(&assessment, PLAIN);
        assert!(cut.contains("    and 13 more (`evidex unreadable` shows all)\n"), "{cut}");
        assert_eq!(cut.matches("    - locked.pdf").count(), CUT);
        let full = table(&assessment, Options { lists: Lists::Full, ..PLAIN });
        assert_eq!(full.matches("    - locked.pdf").count(), 21);
    }

    #[test]
    fn opens_with_its_doubt_where_levels_are_guessed() {
        let assessment = Assessment { unverified_share: 0.4, ..sample() };
        let screen = table(&assessment, PLAIN);
        assert!(screen.starts_with("Read this first: 40 in 100 of the levels"), "{screen}");
        assert!(screen.contains("\nOn 2026-11-01 you could not prove 6 of 9 criteria (5 must). Most urgent: 4.2"));
    }

    #[test]
    fn a_folder_that_proves_all_reads_as_one() {
        let mut assessment = sample();
        assessment.criteria.retain(|c| c.status == Status::Current);
        assessment.documents.clear();
        assessment.notices.clear();
        let screen = table(&assessment, PLAIN);
        assert!(
            screen.starts_with("On 2026-11-01 you could prove every criterion that applies (1).\n\nProven\n------\n"),
            "{screen}"
        );
    }
}
