//! The pure table: what the ledger last saw of a name, against what the disk shows now.

use serde::{Deserialize, Serialize};

/// What a look at a file's metadata says, without opening it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Bytes.
    #[serde(with = "super::wire::decimal")]
    pub size: u64,
    /// Nanoseconds since 1970, UTC.
    #[serde(with = "super::wire::decimal")]
    pub mtime_ns: i64,
    /// Nanoseconds since 1970, UTC.
    #[serde(with = "super::wire::decimal")]
    pub ctime_ns: i64,
    #[serde(with = "super::wire::decimal")]
    pub inode: u64,
}

/// What to do about one name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing: the stamp is the one last seen, and old enough to be trusted.
    Unchanged,
    /// Read and hash it: it is new, or its stamp differs, or its stamp is too young to prove anything.
    Maybe,
    /// The name is absent from a folder that was listed completely.
    Gone,
}

/// Decides from the stamp last seen (if any) and the stamp on disk (if there).
///
/// `last_look_ns` is when the last stamp was taken: a modification time not older than that look proves nothing,
/// since a write in the same instant would leave the same stamp (the *racy* rule).
pub fn change(last: Option<Stamp>, disk: Option<Stamp>, last_look_ns: i64) -> Change {
    let settled = |stamp: Stamp| stamp.mtime_ns.max(stamp.ctime_ns) < last_look_ns;
    match (last, disk) {
        (_, None) => Change::Gone,
        (Some(last), Some(disk)) if last == disk && settled(disk) => Change::Unchanged,
        (None | Some(_), Some(_)) => Change::Maybe,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decides_by_table() {
        let stamp = Stamp { size: 10, mtime_ns: 100, ctime_ns: 110, inode: 7 };
        let look = 1_000;
        for (name, last, disk, look, want) in [
            ("never seen", None, Some(stamp), look, Change::Maybe),
            ("same", Some(stamp), Some(stamp), look, Change::Unchanged),
            ("same but as young as the look", Some(stamp), Some(stamp), 110, Change::Maybe),
            ("grown", Some(stamp), Some(Stamp { size: 11, ..stamp }), look, Change::Maybe),
            ("touched", Some(stamp), Some(Stamp { mtime_ns: 99, ..stamp }), look, Change::Maybe),
            ("renamed over", Some(stamp), Some(Stamp { inode: 8, ..stamp }), look, Change::Maybe),
            ("metadata written", Some(stamp), Some(Stamp { ctime_ns: 111, ..stamp }), look, Change::Maybe),
            ("absent", Some(stamp), None, look, Change::Gone),
        ] {
            assert_eq!(change(last, disk, look), want, "{name}");
        }
    }
}
