//! Evidex: which CTPAT Minimum Security Criteria could this company not prove today, and why?
//!
//! The map, from the core outwards. A layer may use the layers before it, never one after it, and siblings inside one
//! layer never import each other: the engine carries values between them. `tests/tidy.rs` holds these rules.
//!
//! | layer | module | owns |
//! |---|---|---|
//! | L0 | [`domain`] | the words as types; judging and assessing; pure: no file, clock, SQL, terminal, thread |
//! | L1 | [`disk`] | walk, read and hash once, watch, settle, lock |
//! | L1 | [`extract`] | bytes to passages, in a fenced worker process |
//! | L1 | [`ledger`] | SQLite; the only place with SQL |
//! | L1 | [`index`] | tantivy; the only place that names it |
//! | L1 | [`report`] | statuses to table, JSON, CSV, Markdown, DOCX; pure |
//! | L2 | [`engine`] | the only place where edges meet: configuration, pass, publish, questions, daemon |
//! | L3 | [`cli`] | one file per command |
#![forbid(unsafe_code)]

pub mod domain;

pub mod disk;
pub mod extract;
pub mod index;
pub mod ledger;
pub mod report;

pub mod engine;

pub mod cli;
