//! What the three office formats share: the package of parts, its relationships, XML in streaming, core properties.
//!
//! Invariant: no part is ever unpacked beyond the limits, whatever the package says of its sizes.

mod package;
mod properties;
mod xml;

pub(super) use package::{Package, Relation};
pub(super) use properties::properties;
pub(super) use xml::{Attributes, Visitor};

#[cfg(test)]
pub(super) mod build;
