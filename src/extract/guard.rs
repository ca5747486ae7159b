//! Turns a reader's panic into a value that names the place in the code.
//!
//! The message of a panic may quote the document, so it is never kept; file and line of the code are enough to report.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Makes panics silent and notes where they happened; for the worker process only.
pub(super) fn note_panics() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(|at| format!("{}:{}", code_path(at.file()), at.line()));
        PLACE.with(|slot| *slot.borrow_mut() = place);
    }));
}

/// Runs a reader; a panic becomes a sentence for the person.
pub(super) fn guarded<T>(read: impl FnOnce() -> T) -> Result<T, String> {
    // Unwind safe: after a panic nothing that the reader touched is used again.
    catch_unwind(AssertUnwindSafe(read)).map_err(|_| {
        PLACE.with(|slot| slot.borrow_mut().take()).map_or_else(
            || "the reader gave up on an internal error".to_owned(),
            |place| format!("the reader gave up on an internal error at {place}"),
        )
    })
}

/// The crate's folder and the path inside it, without where it lay on the machine that built it.
fn code_path(path: &str) -> &str {
    let start = path.rfind("/src/").map_or(0, |src| path[..src].rfind('/').map_or(0, |slash| slash + 1));
    &path[start..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_value() {
        assert_eq!(guarded(|| 3), Ok(3));
        assert!(guarded(|| "no number".parse::<u8>().expect("text of a document")).is_err());
    }

    #[test]
    fn places_do_not_tell_of_the_build_machine() {
        for (path, wanted) in [
            ("/home/me/.cargo/registry/src/index-1/calamine-0.38.0/src/xlsb/mod.rs", "calamine-0.38.0/src/xlsb/mod.rs"),
            ("src/extract/text.rs", "src/extract/text.rs"),
            ("lib.rs", "lib.rs"),
        ] {
            assert_eq!(code_path(path), wanted);
        }
    }
}
