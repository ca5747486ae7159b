//! `evidex init`: a commented configuration out of a few answers, asked for at a terminal or given as flags.

use std::fs;
use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::cli::args::{Global, InitArgs};
use crate::cli::failure::{Failure, Kind};
use crate::cli::{Exit, output};
use crate::domain::day::Day;
use crate::domain::entity::Entity;
use crate::engine::config::{Answers, Config, is_found_by_itself};

pub(super) fn run(global: &Global, args: &InitArgs) -> Result<Exit, Failure> {
    if args.output.exists() && !args.force {
        let message = format!("`{}` is there already", args.output.display());
        return Err(Failure::input(message).hint("write another with `--output FILE`, or replace it with `--force`"));
    }
    let given = Given::of(args)?;
    let answers = if args.yes || !std::io::stdin().is_terminal() {
        given.without_asking(args)?
    } else {
        given.asking(&mut std::io::stdin().lock(), &mut anstream::stderr().lock())?
    };
    let folders = answers.folders.iter().map(|folder| whole_path(folder)).collect::<Result<Vec<_>, _>>()?;
    refuse_inside(&args.output, &folders)?;
    // A configuration of the whole machine is a service's, whose state it shares with the people of a group.
    let is_machines = args.output.starts_with("/etc");
    let usual = |value: &str| is_machines.then(|| value.to_owned());
    let state = match &global.state {
        Some(state) => Some(text_of(&std::path::absolute(state)?)?),
        None => usual("/var/lib/evidex"),
    };
    let group = answers.group.or_else(|| usual("evidex"));
    let answers = Answers { folders, state, group, ..answers };
    write(&args.output, &answers.text())?;
    if let Err(error) = Config::load(&args.output) {
        // Ours is the fault, but the person is better off without the file.
        let _ = fs::remove_file(&args.output);
        return Err(error.into());
    }
    output::answer(&next(&args.output))?;
    Ok(Exit::Done)
}

/// What to do with the file now.
fn next(path: &Path) -> String {
    let flag = if is_found_by_itself(path) { String::new() } else { format!(" --config {}", path.display()) };
    format!(
        "wrote {}\n\nnext:\n  evidex{flag} scan                  # read the folder\n  \
         evidex{flag} gaps                  # which criteria lack evidence\n  \
         sudo evidex{flag} service install  # or let a service watch the folder\n",
        path.display()
    )
}

/// Answers given as flags, checked.
struct Given {
    folders: Vec<String>,
    entities: Vec<Entity>,
    anniversary: Option<Day>,
    time_zone: Option<String>,
    group: Option<String>,
}

impl Given {
    fn of(args: &InitArgs) -> Result<Self, Failure> {
        if let Some(zone) = &args.time_zone {
            zone_of(zone).map_err(|why| Failure::input(why).hint("write it like America/New_York"))?;
        }
        let folders = args.folders.iter().chain(&args.folder);
        Ok(Self {
            folders: folders.map(|folder| text_of(folder)).collect::<Result<_, _>>()?,
            entities: args.entity.iter().map(|name| super::entity(name)).collect::<Result<_, _>>()?,
            anniversary: args.anniversary,
            time_zone: args.time_zone.clone(),
            group: args.group.clone(),
        })
    }

    /// The answers as they are; an error that names the flags of those that lack.
    fn without_asking(self, args: &InitArgs) -> Result<Answers, Failure> {
        let optional = !args.yes;
        let lacking: Vec<&str> = [
            (self.folders.is_empty(), "--folder DIR"),
            (self.entities.is_empty(), "--entity TYPE"),
            (optional && self.anniversary.is_none(), "--anniversary YYYY-MM-DD"),
            (optional && self.time_zone.is_none(), "--time-zone ZONE"),
        ]
        .into_iter()
        .filter_map(|(lacks, flag)| lacks.then_some(flag))
        .collect();
        if !lacking.is_empty() {
            let message =
                format!("there is no terminal to ask at, and not all answers are given: {}", lacking.join(", "));
            let hint = "`--yes` leaves the anniversary out and takes the machine's time zone; folder and entity are always needed";
            return Err(Failure::input(message).hint(hint));
        }
        let Self { folders, entities, anniversary, time_zone, group } = self;
        Ok(Answers { folders, entities, anniversary, time_zone, state: None, group })
    }

    /// Asks for what was not given.
    fn asking(self, input: &mut dyn BufRead, output: &mut dyn Write) -> Result<Answers, Failure> {
        let mut dialogue = Dialogue { input, output };
        let mut folders = self.folders;
        if folders.is_empty() {
            folders.push(dialogue.ask("Folder with the policies and records", None, |text| {
                if Path::new(text).is_dir() { Ok(text.to_owned()) } else { Err(format!("there is no folder `{text}`")) }
            })?);
        }
        let mut entities = self.entities;
        if entities.is_empty() {
            dialogue.say("Kinds of CTPAT member:")?;
            for (number, entity) in (1..).zip(Entity::ALL) {
                dialogue.say(&format!("  {number:>2}  {:<24} {}", entity.as_str(), entity.title()))?;
            }
            entities.push(dialogue.ask("Which one, by number or name", None, entity_of)?);
        }
        let anniversary = match self.anniversary {
            Some(day) => Some(day),
            None => {
                dialogue.ask("Anniversary of the CTPAT account, YYYY-MM-DD (- if not known)", Some("-"), |text| {
                    if text == "-" {
                        Ok(None)
                    } else {
                        Day::from_str(text).map(Some).map_err(|error| error.to_string())
                    }
                })?
            }
        };
        let machine = jiff::tz::TimeZone::system();
        let time_zone = match self.time_zone {
            Some(zone) => zone,
            None => dialogue.ask("Time zone", Some(machine.iana_name().unwrap_or("UTC")), zone_of)?,
        };
        Ok(Answers { folders, entities, anniversary, time_zone: Some(time_zone), state: None, group: self.group })
    }
}

/// Questions and answers.
struct Dialogue<'a> {
    input: &'a mut dyn BufRead,
    output: &'a mut dyn Write,
}

impl Dialogue<'_> {
    fn say(&mut self, text: &str) -> Result<(), Failure> {
        Ok(writeln!(self.output, "{text}")?)
    }

    /// Asks until the answer will do.
    fn ask<T>(
        &mut self,
        question: &str,
        default: Option<&str>,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, Failure> {
        loop {
            let shown = default.map(|default| format!(" [{default}]")).unwrap_or_default();
            write!(self.output, "{question}{shown}: ")?;
            self.output.flush()?;
            let mut line = String::new();
            let read = self.input.read_line(&mut line).map_err(|error| Failure::new(Kind::Input, error))?;
            if read == 0 {
                return Err(Failure::input(format!("there was no answer to: {question}")));
            }
            let text = if line.trim().is_empty() { default.unwrap_or_default() } else { line.trim() };
            match parse(text) {
                Ok(answer) => return Ok(answer),
                Err(why) => self.say(&format!("  {why}"))?,
            }
        }
    }
}

fn entity_of(text: &str) -> Result<Entity, String> {
    let numbered = text.parse().ok().and_then(|number: usize| Entity::ALL.get(number.checked_sub(1)?).copied());
    numbered.map_or_else(|| text.parse().map_err(|_| format!("`{text}` is none of them")), Ok)
}

fn zone_of(text: &str) -> Result<String, String> {
    let known = jiff::tz::TimeZone::get(text);
    known.map(|_| text.to_owned()).map_err(|_| format!("`{text}` is not a time zone like America/New_York"))
}

fn whole_path(folder: &str) -> Result<String, Failure> {
    let failed = |error| {
        let error = anyhow::Error::new(error).context(format!("could not open the folder `{folder}`"));
        Failure::new(Kind::Input, error).hint("check the spelling, and that this account may list the folder")
    };
    let whole = fs::canonicalize(folder).map_err(failed)?;
    if !whole.is_dir() {
        return Err(Failure::input(format!("`{folder}` is a file, not a folder")));
    }
    text_of(&whole)
}

fn text_of(path: &Path) -> Result<String, Failure> {
    let unwritable =
        || Failure::input(format!("the path `{}` is not UTF-8, which a configuration must be", path.display()));
    path.to_str().map(str::to_owned).ok_or_else(unwritable)
}

/// Nothing is ever written into a watched folder, the configuration neither.
fn refuse_inside(file: &Path, folders: &[String]) -> Result<(), Failure> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    match folders.iter().find(|root| folder.starts_with(root)) {
        None => Ok(()),
        Some(root) => {
            let message =
                format!("`{}` would lie in the watched folder `{root}`: nothing is ever written there", file.display());
            Err(Failure::input(message).hint("write it elsewhere with `--output FILE`"))
        }
    }
}

/// Whole or not at all.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error| {
        let error = anyhow::Error::new(error).context(format!("could not write `{}`", path.display()));
        Failure::new(Kind::Failed, error).hint("check that the folder is there and that this account may write to it")
    };
    let beside = PathBuf::from(format!("{}.new", path.display()));
    fs::write(&beside, text).and_then(|()| fs::rename(&beside, path)).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given() -> Given {
        Given { folders: vec![], entities: vec![], anniversary: None, time_zone: None, group: None }
    }

    #[test]
    fn asks_until_the_answer_will_do() {
        let typed = "/no such folder\n/\n99\n1\n14.5.2027\n2027-05-14\nMars/Olympus\nAmerica/New_York\n";
        let mut said = Vec::new();
        let answers = given().asking(&mut typed.as_bytes(), &mut said).unwrap();
        assert_eq!((answers.folders, answers.entities), (vec!["/".to_owned()], vec![Entity::UsImporter]));
        assert_eq!(answers.anniversary, Some("2027-05-14".parse().unwrap()));
        assert_eq!(answers.time_zone.as_deref(), Some("America/New_York"));
        let said = String::from_utf8(said).unwrap();
        for part in ["no folder `/no such folder`", "`99` is none of them", "14.5.2027", "Mars/Olympus"] {
            assert!(said.contains(part), "{part}: {said}");
        }
    }

    #[test]
    fn asks_only_for_what_was_not_given() {
        let given = Given { folders: vec!["/".into()], entities: vec![Entity::SeaCarrier], ..given() };
        let answers = given.asking(&mut "\n\n".as_bytes(), &mut Vec::new()).unwrap();
        assert_eq!((answers.anniversary, answers.time_zone.is_some()), (None, true));
    }

    #[test]
    fn the_end_of_the_input_is_no_answer() {
        let failure = given().asking(&mut "".as_bytes(), &mut Vec::new()).unwrap_err();
        assert_eq!(failure.code(), 2);
    }
}
