//! The JSON rows that several shapes share: a need, a paper that bears on it, a quote, the head.
//!
//! They stand apart from the domain's types on purpose: their names are promised to other programs, the domain's are
//! not.

use serde::Serialize;

use super::{json, names};
use crate::domain::assess::status::{AssessedNeed, Bearing, DocumentName, NeedState};
use crate::domain::day::Day;
use crate::domain::fact::Head;
use crate::domain::ids::{ContentHash, RecordKindId};
use crate::domain::judge::verdict::{NeedKind, Quote, Role, Strength};

#[derive(Serialize)]
pub(super) struct HeadRow {
    seq: u64,
    hash: ContentHash,
}

impl From<Head> for HeadRow {
    fn from(head: Head) -> Self {
        Self { seq: head.seq.0, hash: head.hash }
    }
}

/// A document's name: always `path`, `root`, `site`, and `path_b64` where the path is not UTF-8.
#[derive(Serialize)]
pub(super) struct NameRow<'a> {
    pub path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path_b64: Option<&'a str>,
    pub root: &'a str,
    pub site: &'a str,
}

impl<'a> From<&'a DocumentName> for NameRow<'a> {
    fn from(name: &'a DocumentName) -> Self {
        Self { path: &name.path, path_b64: name.path_b64.as_deref(), root: &name.root, site: &name.site }
    }
}

#[derive(Serialize)]
pub(super) struct QuoteRow<'a> {
    place: &'a str,
    text: &'a str,
}

impl<'a> From<&'a Quote> for QuoteRow<'a> {
    fn from(quote: &'a Quote) -> Self {
        Self { place: &quote.place_text, text: &quote.text }
    }
}

pub(super) fn quotes(quotes: &[Quote]) -> Vec<QuoteRow<'_>> {
    quotes.iter().map(QuoteRow::from).collect()
}

#[derive(Serialize)]
pub(super) struct BearingRow<'a> {
    #[serde(flatten)]
    name: NameRow<'a>,
    role: Role,
    strength: Strength,
    #[serde(serialize_with = "json::score")]
    score: f32,
    record_kind: Option<&'a RecordKindId>,
    effective_date: Option<Day>,
    date_source: Option<&'static str>,
    date_because: Option<&'a str>,
    fresh_until: Option<Day>,
    blocked_by: Option<&'a str>,
    reasons: &'a [String],
    quotes: Vec<QuoteRow<'a>>,
}

impl<'a> From<&'a Bearing> for BearingRow<'a> {
    fn from(bearing: &'a Bearing) -> Self {
        let effective = bearing.effective.as_ref();
        Self {
            name: (&bearing.document).into(),
            role: bearing.role,
            strength: bearing.strength,
            score: bearing.score,
            record_kind: bearing.record_kind.as_ref(),
            effective_date: effective.map(|date| date.day),
            date_source: effective.map(|date| names::date_source(date.source)),
            date_because: effective.map(|date| date.because.as_str()),
            fresh_until: bearing.fresh_until,
            blocked_by: bearing.blocked_by.as_deref(),
            reasons: &bearing.reasons,
            quotes: quotes(&bearing.quotes),
        }
    }
}

#[derive(Serialize)]
pub(super) struct NeedRow<'a> {
    kind: NeedKind,
    state: NeedState,
    wanted: &'a str,
    missing_periods: &'a [String],
    warnings: &'a [String],
    documents: Vec<BearingRow<'a>>,
}

impl<'a> From<&'a AssessedNeed> for NeedRow<'a> {
    fn from(need: &'a AssessedNeed) -> Self {
        Self {
            kind: need.kind,
            state: need.state,
            wanted: &need.wanted,
            missing_periods: &need.missing_periods,
            warnings: &need.warnings,
            documents: need.bearings.iter().map(BearingRow::from).collect(),
        }
    }
}
