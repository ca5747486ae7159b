//! What the next message of a way is, and when it may go: pure.

use std::time::Duration;

use jiff::civil::Time;
use jiff::tz::TimeZone;

use super::Occasion;
use crate::domain::ids::InstantMs;
use crate::domain::status_change::{Cause, StatusChange};
use crate::engine::clock;
use crate::ledger::LoggedChange;

/// Changes looked at for one message; an assessment of every entity there is fits.
pub(super) const BATCH: usize = 5_000;

/// From so many changes of one assessment on they are told as one.
const SUMMARY_FROM: usize = 20;

const PAUSE_MIN: Duration = Duration::from_mins(1);
const PAUSE_MAX: Duration = Duration::from_hours(6);

/// What one message tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parcel {
    /// The last number of the log in it.
    pub(super) upto: u64,
    /// At least one.
    pub(super) changes: Vec<StatusChange>,
    pub(super) form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    One,
    Summary,
    Digest,
}

/// How long to wait after so many failed tries: 1, 2, 4 minutes, up to six hours.
pub(super) fn pause(attempts: u32) -> Duration {
    let doublings = attempts.saturating_sub(1).min(16);
    PAUSE_MIN.saturating_mul(1 << doublings).min(PAUSE_MAX)
}

/// The next message of a way that tells at once: one change, or those of one assessment together where they are many
/// or come of a new judge or catalog.
pub(super) fn next_message(logged: &[LoggedChange]) -> Option<Parcel> {
    let first = logged.first()?.change.clone();
    let together = |logged: &&LoggedChange| {
        let change = &logged.change;
        change.at == first.at && change.entity == first.entity
    };
    let group: Vec<LoggedChange> = logged.iter().take_while(together).cloned().collect();
    let is_general = match first.cause {
        Cause::Judge | Cause::Catalog | Cause::Configuration => group.len() > 1,
        Cause::Document { .. } | Cause::Decision { .. } | Cause::Day => group.len() >= SUMMARY_FROM,
    };
    let (form, taken) = if is_general { (Form::Summary, group.len()) } else { (Form::One, 1) };
    let upto = group[taken - 1].number;
    Some(Parcel { upto, changes: group.into_iter().take(taken).map(|logged| logged.change).collect(), form })
}

/// When a digest may go.
pub(super) struct MailDay<'a> {
    pub(super) now: InstantMs,
    /// The configured hour.
    pub(super) at: Time,
    pub(super) zone: &'a TimeZone,
    /// When one last went.
    pub(super) told_at: Option<InstantMs>,
}

impl MailDay<'_> {
    /// The newest instant at which the configured hour struck.
    fn last_strike(&self) -> Option<InstantMs> {
        let now = jiff::Timestamp::from_millisecond(self.now.0).ok()?;
        let today = now.to_zoned_datetime(self.zone.clone()).date();
        let strike = |day: jiff::civil::Date| {
            let zoned = day.to_datetime(self.at).to_zoned_datetime(self.zone.clone()).ok()?;
            Some(InstantMs(zoned.timestamp().as_millisecond()))
        };
        strike(today).filter(|at| *at <= self.now).or_else(|| strike(today.yesterday().ok()?))
    }

    fn told_today(&self) -> bool {
        let day = |at| clock::day_of(at, self.zone);
        self.told_at.is_some_and(|told| day(told) == day(self.now))
    }
}

/// The next daily mail, if one is due. One in flight goes out again as it was.
pub(super) fn next_digest(
    logged: Vec<LoggedChange>,
    flight: Option<u64>,
    day: &MailDay<'_>,
    occasion: Occasion,
) -> Option<Parcel> {
    let strike = day.last_strike()?;
    let all = match occasion {
        Occasion::Asked => true,
        Occasion::Scan => !day.told_today(),
        Occasion::Running => false,
    };
    let due = |logged: &LoggedChange| match flight {
        Some(upto) => logged.number <= upto,
        None => all || logged.change.at < strike,
    };
    let due: Vec<LoggedChange> = logged.into_iter().take_while(due).collect();
    let upto = due.last()?.number;
    Some(Parcel { upto, changes: due.into_iter().map(|logged| logged.change).collect(), form: Form::Digest })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::assess::status::Status;
    use crate::domain::entity::Entity;

    fn at(text: &str) -> InstantMs {
        clock::parse_instant(text).unwrap()
    }

    fn logged(number: u64, when: InstantMs, cause: &Cause) -> LoggedChange {
        let change = StatusChange {
            id: format!("c{number}"),
            at: when,
            as_of: "2026-11-24".parse().unwrap(),
            entity: Entity::UsImporter,
            criterion: "6.7".parse().unwrap(),
            from: Status::Current,
            to: Status::Stale,
            cause: cause.clone(),
        };
        LoggedChange { number, change }
    }

    fn log(count: u64, cause: &Cause) -> Vec<LoggedChange> {
        (1..=count).map(|number| logged(number, InstantMs(5), cause)).collect()
    }

    #[test]
    fn pauses_grow_to_six_hours() {
        let minutes: Vec<u64> = (1..=11).map(|attempts| pause(attempts).as_secs() / 60).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]);
        assert_eq!(pause(u32::MAX), PAUSE_MAX);
    }

    #[test]
    fn what_is_of_one_cause_is_told_as_one() {
        for (count, cause, form, upto) in [
            (1, Cause::Day, Form::One, 1),
            (19, Cause::Day, Form::One, 1),
            (20, Cause::Day, Form::Summary, 20),
            (60, Cause::Judge, Form::Summary, 60),
            (2, Cause::Catalog, Form::Summary, 2),
            (1, Cause::Catalog, Form::One, 1),
        ] {
            let parcel = next_message(&log(count, &cause)).unwrap();
            assert_eq!((parcel.form, parcel.upto), (form, upto), "{count} {cause:?}");
            assert_eq!(parcel.changes.len() as u64, upto);
        }
        assert_eq!(next_message(&[]), None);
        let mut two_assessments = log(3, &Cause::Judge);
        two_assessments.push(logged(4, InstantMs(6), &Cause::Judge));
        assert_eq!(next_message(&two_assessments).unwrap().upto, 3);
    }

    #[test]
    fn a_mail_a_day() {
        let zone = clock::zone(Some("America/New_York"));
        // 07:00 there is 12:00 UTC.
        let (early, late) = ("2026-11-24T11:00:00Z", "2026-11-24T13:00:00Z");
        let log = || vec![logged(1, at("2026-11-24T04:00:00Z"), &Cause::Day), logged(2, at(late), &Cause::Day)];
        for (now, told_at, flight, occasion, want) in [
            (early, None, None, Occasion::Running, None),
            ("2026-11-24T12:00:00Z", None, None, Occasion::Running, Some(1)),
            ("2026-11-24T18:00:00Z", None, None, Occasion::Running, Some(1)),
            ("2026-11-25T12:00:00Z", None, None, Occasion::Running, Some(2)),
            (early, None, Some(1), Occasion::Running, Some(1)),
            (early, None, None, Occasion::Scan, Some(2)),
            ("2026-11-24T18:00:00Z", Some("2026-11-24T12:00:00Z"), None, Occasion::Asked, Some(2)),
        ] {
            let day =
                MailDay { now: at(now), at: Time::new(7, 0, 0, 0).unwrap(), zone: &zone, told_at: told_at.map(at) };
            let parcel = next_digest(log(), flight, &day, occasion);
            assert_eq!(parcel.map(|parcel| parcel.upto), want, "{now} {told_at:?} {flight:?} {occasion:?}");
        }
        // A second scan of the day leaves what came since to the next day.
        let told_at = Some(at("2026-11-24T11:30:00Z"));
        let day = MailDay { now: at("2026-11-24T11:59:00Z"), at: Time::new(7, 0, 0, 0).unwrap(), zone: &zone, told_at };
        let log = vec![logged(3, at("2026-11-24T11:40:00Z"), &Cause::Day)];
        assert_eq!(next_digest(log, None, &day, Occasion::Scan), None);
    }
}
