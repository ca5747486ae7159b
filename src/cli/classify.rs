//! Whose fault each error of the engine is, and what the person can do next.

use crate::engine::{act, config, daemon, pass, question, service, tell, trial, workspace};
use crate::{disk, extract, index, ledger};

use super::failure::Kind;

/// A fault's kind, with a hint where there is something to do.
pub(crate) struct Class {
    pub(crate) kind: Kind,
    pub(crate) hint: Option<&'static str>,
}

pub(crate) trait Classified {
    fn class(&self) -> Class;
}

fn input(hint: &'static str) -> Class {
    Class { kind: Kind::Input, hint: Some(hint) }
}

fn failed(hint: &'static str) -> Class {
    Class { kind: Kind::Failed, hint: Some(hint) }
}

impl Classified for workspace::Error {
    fn class(&self) -> Class {
        match self {
            Self::Config(error) => error.class(),
            Self::Catalog(_) | Self::CatalogRead { .. } => input("check the file with `evidex catalog check FILE`"),
            Self::NothingNamed => input(
                "name a folder, as in `evidex gaps FOLDER`, or the state of one with `--state DIR`, or write an evidex.toml (`evidex config default`)",
            ),
            Self::SeveralStates { .. } => {
                input("name one with `--state DIR`, or work in the folder that it is about, or write an evidex.toml")
            }
            Self::Folder { .. } => input("check the spelling, and that this account may list the folder"),
            Self::NotAFolder { .. } => input("name the folder that the file lies in"),
            Self::NoLedger { .. } => input("run `evidex scan FOLDER` first, with the same --state if you use one"),
            Self::Ledger(error) => error.class(),
            Self::Disk(error) => error.class(),
            Self::NoGroup { .. } => input("make it with `groupadd --system NAME`, or name another"),
            Self::ManyEntities(_) => input("name one with `--entity`"),
            Self::NoEntity => input(
                "name one with `--entity`: us-importer, us-exporter, foreign-manufacturer, customs-broker, \
                 third-party-logistics, consolidator, highway-carrier-us-canada, highway-carrier-mexico, \
                 long-haul-mexico, rail-carrier, sea-carrier, air-carrier, marine-port-terminal",
            ),
        }
    }
}

impl Classified for config::Error {
    fn class(&self) -> Class {
        match self {
            Self::Read { .. } | Self::Wrong { .. } => input("`evidex config default` prints a commented example"),
            Self::Passwords { .. } => input("name a file that this account can read, or leave the setting out"),
        }
    }
}

impl Classified for disk::Error {
    fn class(&self) -> Class {
        match self {
            Self::RootAbsent { .. } | Self::NotAFolder { .. } | Self::RootUnreadable { .. } => {
                input("check the spelling, and that this account may list the folder")
            }
            Self::BadPattern { .. } => input("write ignore patterns as in a .gitignore file"),
            Self::NotApart { .. } => input("keep the state elsewhere, with `--state DIR`"),
            Self::InsideRoot { .. } => input("name a file elsewhere"),
            Self::NoHome { .. } => input("name a state folder with `--state DIR`"),
            Self::State { .. } => {
                failed("check that this account may write to the state folder, or name another with `--state DIR`")
            }
            Self::NotInGroup { .. } => failed("the account takes the group on with its next login"),
            Self::NotTheOwner { .. } => {
                failed("its owner can share it: `group = \"NAME\"` in the configuration, then a scan")
            }
            Self::Denied { .. } => failed("check the name, and that this account may enter the folders above it"),
            Self::Locked { .. } => {
                Class { kind: Kind::Locked, hint: Some("wait until it is done; reports can be made meanwhile") }
            }
        }
    }
}

impl Classified for ledger::Error {
    fn class(&self) -> Class {
        match self {
            Self::Absent { .. } => input("run `evidex scan FOLDER` first"),
            Self::Newer { .. } => input("install the newer version of evidex that wrote this state"),
            Self::Full { .. } => {
                failed("free some space; nothing that was recorded is lost, and the next scan goes on")
            }
            Self::Busy { .. } => Class { kind: Kind::Locked, hint: Some("try again in a moment") },
            Self::ReadOnly { .. } => failed("check that this account may write to the state folder"),
            Self::Corrupt { .. } | Self::BadFact { .. } | Self::BadPayload { .. } => failed(
                "run `evidex repair`: it saves what can be saved and keeps the damaged file, or restore a backup with `evidex restore`",
            ),
            Self::Older { .. } => {
                input("run `evidex scan` as the account that owns the state: it brings it up to date")
            }
            Self::Unfinished { .. } => failed("run `evidex repair`: it finishes what was begun"),
            Self::Replaced { .. } => Class { kind: Kind::Failed, hint: Some("run the command again") },
            Self::NotALedger { .. } => input("name a file that `evidex backup` wrote, or a new name"),
            Self::NotWhole { .. } => failed("run `evidex verify` to see more, and `evidex repair` on a damaged state"),
            Self::Present { .. } => {
                input("with `--force` it is moved aside, never deleted; or name another `--state DIR`")
            }
            Self::Hopeless { .. } => failed(
                "restore a backup with `evidex restore FILE --force`, or scan into a new state with `--state DIR`",
            ),
            Self::Disk { .. } => failed(
                "see that the disk has room and is sound (`evidex doctor`); nothing that was recorded is lost, and the next scan goes on",
            ),
            Self::NoAccess { .. } | Self::File { .. } => {
                failed("check that the folder is there and that this account may write to it (`evidex doctor`)")
            }
            Self::Unwritable { .. } | Self::Sql { .. } => Class { kind: Kind::Failed, hint: None },
        }
    }
}

impl Classified for index::Error {
    fn class(&self) -> Class {
        match self {
            Self::Open { .. } | Self::Write { .. } | Self::Search { .. } => failed(
                "see that the disk has room, then run `evidex scan` again: it builds the index anew from the ledger",
            ),
        }
    }
}

impl Classified for extract::Error {
    fn class(&self) -> Class {
        failed("check that this account may start processes, and that the program file was not replaced while it ran")
    }
}

impl Classified for question::Error {
    fn class(&self) -> Class {
        match self {
            Self::Workspace(error) => error.class(),
            Self::Ledger(error) => error.class(),
            Self::Index(error) => error.class(),
            Self::NothingReadable { .. } => input("`evidex unreadable` lists each with what to do"),
            Self::NoDocuments { .. } => input("name the folder that holds the company's policies and records"),
            Self::NoIndex { .. } => input("run `evidex scan FOLDER` first"),
            Self::NothingLike { .. } => {
                input("name a document as `evidex documents` lists it, or a file that this account may read")
            }
            Self::NoText { .. } => input("name a document that was read: `evidex documents` lists them"),
        }
    }
}

impl Classified for question::JudgeError {
    fn class(&self) -> Class {
        match self {
            Self::Workspace(error) => error.class(),
            Self::Extract(error) => error.class(),
            Self::File { .. } => input("check the spelling, and that this account may read the file"),
            Self::NotAFile { .. } => input("name files; for a whole folder use `evidex gaps FOLDER`"),
        }
    }
}

impl Classified for act::Error {
    fn class(&self) -> Class {
        match self {
            Self::Workspace(error) => error.class(),
            Self::Ledger(error) => error.class(),
            Self::Nameless => input("give one with `--by NAME`"),
            Self::TooLong { .. } => input("say it in fewer words, and name the paper that holds the rest"),
            Self::Past(_) => input("give a day to come"),
            Self::UnknownRoot(_) => input("run `evidex scan FOLDER` first"),
            Self::NoDecision(_) | Self::TakenBack(..) => input("`evidex decisions` lists all with their numbers"),
            Self::IsUndo(_) => input("make the first decision again instead"),
            Self::ListExamples { .. } | Self::NoExamples { .. } | Self::ReadExamples { .. } => {
                input("name the folder of examples with `--examples DIR`")
            }
            Self::BadExample { .. } => input("docs/teaching.md shows what an example looks like"),
            Self::WriteModel { .. } => failed("name another file with `--output FILE`"),
            Self::Disk(error) => error.class(),
            Self::Index(error) => error.class(),
            Self::OwnFile { .. } => input("name a file elsewhere"),
            Self::NothingThere(_) => input(
                "name a document by its path, as `evidex documents` lists it, or a content by its SHA-256; one that is gone counts too",
            ),
            Self::Ambiguous { .. } => input("name one with its folder"),
            Self::NotForgotten(_) => input("`evidex unreadable` lists what is forgotten"),
        }
    }
}

impl Classified for trial::Error {
    fn class(&self) -> Class {
        match self {
            Self::Workspace(error) => error.class(),
            Self::Pass(error) => error.class(),
            Self::Question(error) => error.class(),
            Self::Read { .. } => input("name a folder with `company/` and `labels.jsonl` in it"),
            Self::Label { .. } => input("docs/teaching.md shows what a label looks like"),
            Self::State(_) => failed("check the folder for temporary files, or name another with $TMPDIR"),
        }
    }
}

impl Classified for pass::Error {
    fn class(&self) -> Class {
        match self {
            Self::Workspace(error) => error.class(),
            Self::Ledger(error) => error.class(),
            Self::Disk(error) => error.class(),
            Self::Extract(error) => error.class(),
            Self::Publish(error) => error.class(),
            Self::Elsewhere { .. } => input("name files or folders below the folders of this scan"),
            Self::NoFolder => input("name a folder, as in `evidex scan FOLDER`"),
            Self::Interrupted => Class { kind: Kind::Interrupted, hint: None },
        }
    }
}

impl Classified for tell::Error {
    fn class(&self) -> Class {
        match self {
            Self::Workspace(error) => error.class(),
            Self::Ledger(error) => error.class(),
            Self::Question(error) => error.class(),
            Self::Disk(error) => error.class(),
            Self::NoWay => input("add a [[notify]] section; `evidex config default` shows one of each kind"),
            Self::InRoot { .. } => input("name a file elsewhere, such as /var/log/evidex/changes.jsonl"),
        }
    }
}

impl Classified for service::Error {
    fn class(&self) -> Class {
        match self {
            Self::NotBooted => failed(
                "run `evidex watch` under whatever starts programs here, or `evidex scan` from a timer; `--dry-run` \
                 prints the unit, and `--root DIR` installs into an image",
            ),
            Self::NotRoot { .. } => failed("run it with sudo, or print what it would do with `--dry-run`"),
            Self::NoConfig => {
                input("write one with `evidex init --output /etc/evidex/evidex.toml`, or name one with --config")
            }
            Self::NoRoot { .. } => input("add a [[root]] section with the path of the folder to watch"),
            Self::NoState { .. } => input("add `state = \"/var/lib/evidex\"` and `group = \"evidex\"` to it"),
            Self::TwoGroups { .. } => input("leave `--group` out, or change `group` in the configuration"),
            Self::BadName { .. } => input("use letters, digits, `-` and `_`"),
            Self::BadSize { .. } => input("write it like 4G, 512M or 50%"),
            Self::OwnFile { .. } | Self::File { .. } | Self::Run { .. } | Self::Failed { .. } => {
                failed("what was done before it stays; run it again once the cause is gone")
            }
        }
    }
}

impl Classified for daemon::Error {
    fn class(&self) -> Class {
        match self {
            Self::Pass(error) => error.class(),
            Self::Ledger(error) => error.class(),
            Self::Disk(error) => error.class(),
            Self::Listen { .. } => input("name another port of this machine in the configuration, [serve] listen"),
            Self::Thread(_) => failed("see how many threads and how much memory this account may use"),
        }
    }
}
