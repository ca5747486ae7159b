//! The disk: walk a root, open and hash a file once, know a root again, keep the state apart and locked.
//!
//! Nothing here writes into a watched folder, follows a link inside one, or opens what is not a regular file. What goes
//! wrong with one file or folder is a value of the answer; errors are for a root or a state as a whole.
//!
//! | file | owns |
//! |---|---|
//! | `error` | what can go wrong with a root or a state |
//! | `beneath` | opening inside a root name by name, so that no link and no length of path can lead astray |
//! | `rules` | which names are left out |
//! | `layers` | the `.evidexignore` files that hold in a folder |
//! | `walk` | listing a root or a folder below it |
//! | `watch` | what the system tells of changes |
//! | `settle` | when a changed name is quiet enough to be looked at |
//! | `coverage` | which names a walk proved to be absent |
//! | `open` | opening and hashing one file |
//! | `root` | knowing a root again: *offline* |
//! | `state` | where the state lies; never inside a root |
//! | `share` | who may use the state: its owner, or a group |
//! | `account` | names and numbers of users and groups |
//! | `lock` | one pass at a time |
//! | `machine` | what this machine lets this account do, for `doctor` |

pub mod account;
mod beneath;
pub mod coverage;
pub mod error;
mod layers;
pub mod lock;
pub mod machine;
pub mod open;
pub mod root;
pub mod rules;
pub mod settle;
pub mod share;
pub mod state;
pub mod walk;
pub mod watch;

#[cfg(test)]
mod hostile_tests;

pub use coverage::Coverage;
pub use error::{Error, Result};
pub use lock::StateLock;
pub use open::{Hashed, Limits, OpenFile, ReadFailure, open};
pub use root::{Events, Identity, Standing, root_identity, standing};
pub use rules::Rules;
pub use settle::{Hint, Settle};
pub use share::{check_access, share};
pub use state::{check_apart, check_outside, default_state_dir, default_states, make_state_dir};
pub use walk::{Folder, Found, FoundKind, Listing, Probe, look, probe, walk};
pub use watch::{Covered, Told, WatchError, Watcher};
