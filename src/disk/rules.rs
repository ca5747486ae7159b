//! Which names are left out: built-in names, the configuration's patterns, and `.evidexignore` files.
//!
//! The nearest `.evidexignore` speaks first, then those above it, then the configuration, then the built-in names; the
//! first that says yes or no (`!pattern`) decides. Patterns are git's. What is left out is counted, never silent.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::rc::Rc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::error::{Error, Result};

/// The file in any folder that holds patterns for what lies below it.
pub const RULES_FILE: &str = ".evidexignore";

/// A part of a file name, in lower case.
enum Built {
    Whole(&'static str),
    Start(&'static str),
    End(&'static str),
}

/// Names that programs and servers leave behind and nobody wrote.
const BUILT_IN: [Built; 36] = [
    Built::Whole(RULES_FILE),
    // An open document's owner file: Office, LibreOffice, and their temporary copies.
    Built::Start("~$"),
    Built::Start(".~"),
    Built::End(".tmp"),
    // Half a download or copy.
    Built::End(".part"),
    Built::End(".partial"),
    Built::End(".crdownload"),
    Built::End(".download"),
    Built::End(".filepart"),
    // Editors' swap and backup files.
    Built::End(".swp"),
    Built::End("~"),
    // Folder settings and thumbnails.
    Built::Whole("thumbs.db"),
    Built::Whole("ehthumbs.db"),
    Built::Whole("desktop.ini"),
    Built::Whole(".ds_store"),
    Built::Whole(".localized"),
    Built::Whole(".directory"),
    // macOS on foreign disks: every file's shadow, and the disk's own folders.
    Built::Start("._"),
    Built::Whole("__macosx"),
    Built::Whole(".appledouble"),
    Built::Whole(".trashes"),
    Built::Whole(".fseventsd"),
    Built::Whole(".spotlight-v100"),
    Built::Whole(".temporaryitems"),
    // Bins: what was thrown away proves nothing.
    Built::Whole("$recycle.bin"),
    Built::Whole("#recycle"),
    Built::Start(".trash-"),
    // A disk's own folders, and servers' snapshots: each would bring every document again.
    Built::Whole("system volume information"),
    Built::Whole("lost+found"),
    Built::Whole("@eadir"),
    Built::Whole(".snapshot"),
    Built::Whole(".snapshots"),
    Built::Whole("~snapshot"),
    // Version control.
    Built::Whole(".git"),
    Built::Whole(".svn"),
    Built::Whole(".hg"),
];

/// What holds in a whole root.
#[derive(Clone, Debug)]
pub struct Rules {
    configured: Gitignore,
}

impl Rules {
    /// The built-in names and the configuration's patterns.
    pub fn new(patterns: &[String]) -> Result<Self> {
        let mut builder = GitignoreBuilder::new("");
        for pattern in patterns {
            builder.add_line(None, pattern).map_err(|error| bad_pattern(pattern, &error))?;
        }
        let configured = builder.build().map_err(|error| bad_pattern("", &error))?;
        Ok(Self { configured })
    }
}

fn bad_pattern(pattern: &str, error: &ignore::Error) -> Error {
    Error::BadPattern { pattern: pattern.to_owned(), why: error.to_string() }
}

/// The `.evidexignore` of a folder, and those above it.
pub(super) struct Layer {
    matcher: Gitignore,
    /// Bytes of the folder's path with its `/`, cut off before matching.
    prefix: usize,
    above: Option<Rc<Self>>,
}

impl Layer {
    /// Reads the lines of the `.evidexignore` in `folder`; a line that cannot be used is left out and told.
    pub(super) fn new(folder: &[u8], lines: &str, above: Option<Rc<Self>>) -> (Self, Vec<String>) {
        let mut errors = Vec::new();
        let mut builder = GitignoreBuilder::new("");
        for (number, line) in (1..).zip(lines.lines()) {
            if let Err(error) = builder.add_line(None, line) {
                errors.push(format!("line {number}: {error}"));
            }
        }
        let matcher = builder.build().unwrap_or_else(|error| {
            errors.push(error.to_string());
            Gitignore::empty()
        });
        let prefix = if folder.is_empty() { 0 } else { folder.len() + 1 };
        (Self { matcher, prefix, above }, errors)
    }
}

/// What a name stands for, as far as rules tell things apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Folder,
    Other,
}

/// True if `path` (relative to the root) is left out.
pub(super) fn is_ignored(rules: &Rules, nearest: Option<&Rc<Layer>>, path: &[u8], sort: Sort) -> bool {
    let is_dir = sort == Sort::Folder;
    let mut layer = nearest;
    while let Some(Layer { matcher, prefix, above }) = layer.map(Rc::as_ref) {
        let below = path.get(*prefix..).unwrap_or_default();
        match matcher.matched(Path::new(OsStr::from_bytes(below)), is_dir) {
            Match::Ignore(_) => return true,
            Match::Whitelist(_) => return false,
            Match::None => layer = above.as_ref(),
        }
    }
    if !rules.configured.is_empty() {
        match rules.configured.matched(Path::new(OsStr::from_bytes(path)), is_dir) {
            Match::Ignore(_) => return true,
            Match::Whitelist(_) => return false,
            Match::None => {}
        }
    }
    let name = path.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
    is_built_in(name)
}

/// True for the names that programs leave behind. By hand: it runs for every name on the disk.
pub(super) fn is_built_in(name: &[u8]) -> bool {
    BUILT_IN.iter().any(|built| match built {
        Built::Whole(whole) => name.eq_ignore_ascii_case(whole.as_bytes()),
        Built::Start(start) => name.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start.as_bytes())),
        Built::End(end) => {
            let at = name.len().checked_sub(end.len());
            at.is_some_and(|at| name[at..].eq_ignore_ascii_case(end.as_bytes()))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::Sort::{Folder, Other};
    use super::*;

    #[test]
    fn leaves_out_what_programs_leave_behind() {
        for (name, want) in [
            ("~$policy.docx", true),
            (".~lock.policy.odt#", true),
            ("Thumbs.db", true),
            ("THUMBS.DB", true),
            (".DS_Store", true),
            ("Desktop.ini", true),
            ("~WRL0003.tmp", true),
            ("scan.TMP", true),
            ("big.pdf.part", true),
            ("big.pdf.crdownload", true),
            ("._policy.docx", true),
            ("notes.txt~", true),
            (".git", true),
            ("$RECYCLE.BIN", true),
            (".evidexignore", true),
            ("policy.docx", false),
            ("tmp", false),
            ("template.docx", false),
            (".hidden policy.docx", false),
            ("part.pdf", false),
            ("~policy.docx", false),
            ("git", false),
            ("", false),
        ] {
            assert_eq!(is_built_in(name.as_bytes()), want, "{name}");
        }
        assert!(!is_built_in(b"\xff\xfe"));
    }

    #[test]
    fn the_nearest_word_counts() {
        let rules = Rules::new(&["*.bak".to_owned(), "/old/".to_owned(), "!keep.bak".to_owned()]).unwrap();
        let (top, errors) = Layer::new(b"", "# ours\ndrafts/\n*.log\n!*.tmp\n", None);
        assert_eq!(errors, [""; 0]);
        let top = Rc::new(top);
        let (deep, _) = Layer::new(b"a/b", "!wanted.log\n/only here.txt\n", Some(Rc::clone(&top)));
        let deep = Rc::new(deep);
        for (layer, path, sort, want) in [
            (None, "x.bak", Other, true),
            (None, "keep.bak", Other, false),
            (None, "old", Folder, true),
            (None, "old", Other, false),
            (None, "a/old", Folder, false),
            (None, "x.tmp", Other, true),
            (Some(&top), "x.tmp", Other, false),
            (Some(&top), "a/drafts", Folder, true),
            (Some(&top), "a/b/x.log", Other, true),
            (Some(&deep), "a/b/x.log", Other, true),
            (Some(&deep), "a/b/wanted.log", Other, false),
            (Some(&deep), "a/b/only here.txt", Other, true),
            (Some(&deep), "a/b/c/only here.txt", Other, false),
            (Some(&deep), "a/b/x.docx", Other, false),
        ] {
            assert_eq!(is_ignored(&rules, layer, path.as_bytes(), sort), want, "{path} {sort:?}");
        }
    }

    #[test]
    fn patterns_that_are_none_are_named() {
        let error = Rules::new(&["fine".to_owned(), "[z-a]".to_owned()]).unwrap_err();
        assert!(error.to_string().starts_with("the pattern `[z-a]` cannot be used"), "{error}");
        let (_, errors) = Layer::new(b"", "ok\n[z-a]\n", None);
        assert_eq!(errors.len(), 1);
        assert!(errors[0].starts_with("line 2: "), "{errors:?}");
    }
}
