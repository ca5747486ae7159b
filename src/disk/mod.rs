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
//! | `coverage` | which names a walk proved to be absent |
//! | `open` | opening and hashing one file |
//! | `root` | knowing a root again: *offline* |
//! | `state` | where the state lies; never inside a root |
//! | `lock` | one pass at a time |

mod beneath;
pub mod coverage;
pub mod error;
mod layers;
pub mod lock;
pub mod open;
pub mod root;
pub mod rules;
pub mod state;
pub mod walk;

#[cfg(test)]
mod hostile_tests;

pub use coverage::Coverage;
pub use error::{Error, Result};
pub use lock::StateLock;
pub use open::{Hashed, Limits, OpenFile, ReadFailure, open};
pub use root::{Identity, Standing, root_identity, standing};
pub use rules::Rules;
pub use state::{check_apart, default_state_dir, make_state_dir};
pub use walk::{Folder, Found, FoundKind, Listing, look, walk};
