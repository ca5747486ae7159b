//! Whose fault each error of the engine is, and what the person can do next.

use crate::engine::{act, config, pass, question, trial, workspace};
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
            Self::Folder { .. } => input("check the spelling, and that this account may list the folder"),
            Self::NotAFolder { .. } => input("name the folder that the file lies in"),
            Self::NoLedger { .. } => input("run `evidex scan FOLDER` first, with the same --state if you use one"),
            Self::Ledger(error) => error.class(),
            Self::Disk(error) => error.class(),
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
            Self::NoHome { .. } => input("name a state folder with `--state DIR`"),
            Self::State { .. } => {
                failed("check that this account may write to the state folder, or name another with `--state DIR`")
            }
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
            Self::Corrupt { .. } | Self::BadFact { .. } | Self::BadPayload { .. } => {
                failed("restore the state folder from backup, or scan into a new one with `--state DIR`")
            }
            Self::Unwritable { .. } | Self::Sql { .. } => Class { kind: Kind::Failed, hint: None },
        }
    }
}

impl Classified for index::Error {
    fn class(&self) -> Class {
        match self {
            Self::Query { .. } => input("`evidex search --help` shows what a query may hold"),
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
            Self::Ledger(error) => error.class(),
            Self::Disk(error) => error.class(),
            Self::Extract(error) => error.class(),
            Self::Publish(error) => error.class(),
            Self::NoFolder => input("name a folder, as in `evidex scan FOLDER`"),
            Self::Interrupted => Class { kind: Kind::Interrupted, hint: None },
        }
    }
}
