//! The day one document speaks for: the one place where its text, path, record kind and members meet.
//!
//! Assessing and searching both ask here, so that a paper never shows two days. Copies of the same bytes are made to
//! agree afterwards ([`super::documents`]), since that takes the neighbours.

use std::collections::BTreeMap;

use crate::domain::catalog::{Catalog, DateRule, RecordKind};
use crate::domain::day::Day;
use crate::domain::ids::RecordKindId;
use crate::domain::judge::dates::{DateContext, Medium, choose};
use crate::domain::judge::verdict::{DateSource, EffectiveDate, NeedKind, Role, Strength, Verdict};
use crate::domain::reading::Format;

use super::input::KnownDocument;
use super::status::DocumentState;

/// Record kinds by id.
pub(super) type Kinds<'a> = BTreeMap<&'a RecordKindId, &'a RecordKind>;

pub(super) fn kinds(catalog: &Catalog) -> Kinds<'_> {
    catalog.record_kinds.iter().map(|kind| (&kind.id, kind)).collect()
}

/// The days that documents speak for, decisions aside. The members of a container are looked for among `documents`.
pub fn days(catalog: &Catalog, documents: &[&KnownDocument], as_of: Day) -> Vec<Option<EffectiveDate>> {
    let kinds = kinds(catalog);
    let mut days: Vec<_> = documents.iter().map(|known| of_paper(known, &kinds, as_of, None)).collect();
    date_containers(documents, &mut days);
    days
}

/// By text, mail, picture, name or file; or as a person decided.
pub(super) fn of_paper(
    known: &KnownDocument,
    kinds: &Kinds<'_>,
    as_of: Day,
    decision: Option<Day>,
) -> Option<EffectiveDate> {
    let verdict = known.verdict.as_ref().filter(|_| known.state == DocumentState::Read);
    let context = DateContext {
        role: verdict.map_or(Role::Other, |verdict| verdict.role),
        rule: verdict.map_or(DateRule::Usual, |verdict| date_rule(verdict, kinds)),
        as_of,
        decision,
        name_date: known.name_date,
        properties: known.properties,
        file_time: known.file_time,
        medium: match known.format {
            Some(Format::Eml | Format::Msg) => Medium::Mail,
            Some(Format::Image) => Medium::Image,
            Some(_) | None => Medium::Paper,
        },
    };
    choose(&known.dates, &context)
}

/// The rule of the record kind that the paper was most surely taken for.
fn date_rule(verdict: &Verdict, kinds: &Kinds<'_>) -> DateRule {
    let records = verdict.matches.iter().filter(|m| m.role == NeedKind::Record);
    let best = records.filter(|m| m.record_kind.is_some()).min_by(|a, b| {
        let strong = |strength| strength == Strength::Strong;
        strong(b.strength)
            .cmp(&strong(a.strength))
            .then(b.score.total_cmp(&a.score))
            .then_with(|| a.record_kind.cmp(&b.record_kind))
    });
    let kind = best.and_then(|m| m.record_kind.as_ref()).and_then(|id| kinds.get(id));
    kind.map_or(DateRule::Usual, |kind| kind.date)
}

/// An archive says nothing itself: it speaks for the last day of what lies in it, where its members' own words name one.
pub(super) fn date_containers(documents: &[&KnownDocument], days: &mut [Option<EffectiveDate>]) {
    let place = |known: &KnownDocument| (known.name.root.clone(), known.name.path.clone());
    let at: BTreeMap<(String, String), usize> =
        documents.iter().enumerate().map(|(i, known)| (place(known), i)).collect();
    let mut last: BTreeMap<usize, EffectiveDate> = BTreeMap::new();
    for (i, known) in documents.iter().enumerate().filter(|(_, known)| known.is_member) {
        let Some(date) = days[i].as_ref().filter(|date| is_of_content(date.source)) else { continue };
        for (end, _) in known.name.path.match_indices('!') {
            let container = (known.name.root.clone(), known.name.path[..end].to_owned());
            let Some(&container) = at.get(&container).filter(|&&at| is_archive(documents[at])) else { continue };
            if last.get(&container).is_none_or(|last| last.day < date.day) {
                let because = format!("last day of what is in it ({})", &known.name.path[end + 1..]);
                last.insert(container, EffectiveDate { because, conflicts: Vec::new(), ..date.clone() });
            }
        }
    }
    for (container, date) in last {
        let own = days[container].as_ref().map(|own| own.source);
        if own.is_none_or(|own| date.source < own) {
            days[container] = Some(date);
        }
    }
}

fn is_archive(known: &KnownDocument) -> bool {
    known.format == Some(Format::Zip)
}

/// True for days that the content itself names.
fn is_of_content(source: DateSource) -> bool {
    match source {
        DateSource::Decision | DateSource::Text | DateSource::MailHeader | DateSource::Exif => true,
        DateSource::FileName | DateSource::Properties | DateSource::FileTime => false,
    }
}
