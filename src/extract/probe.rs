//! What reading documents stands on here: the fence of a worker, and the program that recognises text.
//!
//! For `doctor` alone.

use std::process::{Command, Stdio};

use super::fence::FenceReport;
use super::limits::Limits;
use super::passwords::Passwords;
use super::worker::{Error, Worker};

/// The program for text recognition.
const TESSERACT: &str = "tesseract";

/// Starts a worker, and says which layers of its fence hold.
pub fn fence(limits: &Limits) -> Result<FenceReport, Error> {
    Ok(Worker::start(limits, &Passwords::default())?.fence().clone())
}

/// The languages that the program for text recognition has; `None`: there is no such program.
pub fn recognised_languages() -> Option<Vec<String>> {
    let mut command = Command::new(TESSERACT);
    command.arg("--list-langs").stdin(Stdio::null());
    let answer = command.output().ok().filter(|answer| answer.status.success())?;
    Some(languages_in(&String::from_utf8_lossy(&answer.stdout)))
}

/// The first line is a heading; older versions write it to the other stream.
fn languages_in(list: &str) -> Vec<String> {
    let is_name =
        |line: &&str| !line.is_empty() && line.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    list.lines().map(str::trim).filter(is_name).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_list_with_and_without_its_heading() {
        let want = ["eng", "osd", "spa", "chi_sim"];
        let list = "eng\nosd\nspa\nchi_sim\n";
        assert_eq!(languages_in(list), want);
        assert_eq!(languages_in(&format!("List of available languages in \"/usr/share/tessdata\" (4):\n{list}")), want);
        assert_eq!(languages_in(""), [""; 0]);
    }
}
