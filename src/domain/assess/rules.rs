//! The status table of the design: first line that fits. Nothing but the table.

use super::status::{NeedState, Status};

/// How a kind of proof stands, all needs of the kind together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    Demanded(NeedState),
    /// Not demanded by the criterion; what there is all the same.
    NotDemanded(NeedState),
}

/// What takes a criterion out of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Setting {
    Open,
    Waived,
    NotApplicable,
    LevelUnknown,
}

/// Whether what is current stays so beyond the warning window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Horizon {
    Clear,
    Near,
}

/// All that the table looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Case {
    pub setting: Setting,
    pub record: Proof,
    pub procedure: Proof,
    pub horizon: Horizon,
}

/// The status, and the line that fitted, in words.
pub(super) fn status(case: Case) -> (Status, &'static str) {
    match case.setting {
        Setting::Waived => return (Status::Waived, "waived by decision"),
        Setting::NotApplicable => return (Status::NotApplicable, "does not apply"),
        Setting::LevelUnknown => {
            return (
                Status::Unknown,
                "whether it applies to this kind of member is not established; the portal decides",
            );
        }
        Setting::Open => {}
    }
    match case.record {
        Proof::Demanded(record) => with_record(record, case),
        Proof::NotDemanded(_) => without_record(case),
    }
}

fn with_record(record: NeedState, case: Case) -> (Status, &'static str) {
    let procedure = match case.procedure {
        Proof::NotDemanded(state) | Proof::Demanded(state) => state,
    };
    match (record, case.procedure) {
        (NeedState::Met, Proof::NotDemanded(_)) => current(case, "a current record; no written procedure is demanded"),
        (NeedState::Met, Proof::Demanded(NeedState::Met)) => current(case, "a current record and a procedure in force"),
        (NeedState::Met, Proof::Demanded(NeedState::Weak)) => {
            (Status::NeedsReview, "a current record, but the procedure is only touched on")
        }
        (NeedState::Met, Proof::Demanded(NeedState::Stale | NeedState::Absent)) => {
            (Status::RecordOnly, "a current record, but no procedure in force")
        }
        (NeedState::Weak, _) => (Status::NeedsReview, "a record that only may be proof: a person should look"),
        (NeedState::Stale, _) => (Status::Stale, "only records that are too old"),
        (NeedState::Absent, _) => match procedure {
            NeedState::Met => (Status::ProcedureOnly, "a procedure in force, but no record that it is followed"),
            NeedState::Weak => (Status::NeedsReview, "only a passing mention: a person should look"),
            NeedState::Stale | NeedState::Absent => (Status::Missing, "nothing was found"),
        },
    }
}

/// A criterion that asks for a procedure only.
fn without_record(case: Case) -> (Status, &'static str) {
    let (Proof::Demanded(procedure) | Proof::NotDemanded(procedure)) = case.procedure;
    match procedure {
        NeedState::Met => current(case, "a procedure in force; no record is demanded"),
        NeedState::Weak => (Status::NeedsReview, "the procedure is only touched on: a person should look"),
        NeedState::Stale | NeedState::Absent => (Status::Missing, "no procedure in force was found"),
    }
}

fn current(case: Case, because: &'static str) -> (Status, &'static str) {
    match case.horizon {
        Horizon::Clear => (Status::Current, because),
        Horizon::Near => (Status::DueSoon, because),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use NeedState::{Absent, Met, Stale, Weak};
    use Proof::{Demanded, NotDemanded};

    #[test]
    fn first_line_that_fits() {
        let open = |record, procedure, horizon| Case { setting: Setting::Open, record, procedure, horizon };
        let clear = |record, procedure| open(record, procedure, Horizon::Clear);
        for (line, case, want) in [
            ("2", clear(Demanded(Met), Demanded(Met)), Status::Current),
            ("2", clear(Demanded(Met), NotDemanded(Absent)), Status::Current),
            ("2", clear(Demanded(Met), NotDemanded(Weak)), Status::Current),
            ("2 near", open(Demanded(Met), Demanded(Met), Horizon::Near), Status::DueSoon),
            ("3 weak", clear(Demanded(Met), Demanded(Weak)), Status::NeedsReview),
            ("3 missing", clear(Demanded(Met), Demanded(Absent)), Status::RecordOnly),
            ("3 near", open(Demanded(Met), Demanded(Absent), Horizon::Near), Status::RecordOnly),
            ("4", clear(Demanded(Weak), Demanded(Met)), Status::NeedsReview),
            ("4 without procedure", clear(Demanded(Weak), Demanded(Absent)), Status::NeedsReview),
            ("5", clear(Demanded(Stale), Demanded(Met)), Status::Stale),
            ("5 without procedure", clear(Demanded(Stale), NotDemanded(Absent)), Status::Stale),
            ("6", clear(Demanded(Absent), Demanded(Met)), Status::ProcedureOnly),
            ("6 not demanded", clear(Demanded(Absent), NotDemanded(Met)), Status::ProcedureOnly),
            ("7 weak", clear(Demanded(Absent), Demanded(Weak)), Status::NeedsReview),
            ("7 nothing", clear(Demanded(Absent), Demanded(Absent)), Status::Missing),
            ("procedure alone", clear(NotDemanded(Absent), Demanded(Met)), Status::Current),
            ("procedure alone, weak", clear(NotDemanded(Met), Demanded(Weak)), Status::NeedsReview),
            ("procedure alone, none", clear(NotDemanded(Met), Demanded(Absent)), Status::Missing),
        ] {
            assert_eq!(status(case).0, want, "line {line}: {case:?}");
        }
    }

    #[test]
    fn settings_come_before_all_lines() {
        for (setting, want) in [
            (Setting::Waived, Status::Waived),
            (Setting::NotApplicable, Status::NotApplicable),
            (Setting::LevelUnknown, Status::Unknown),
        ] {
            for record in [Met, Weak, Stale, Absent] {
                let case =
                    Case { setting, record: Demanded(record), procedure: Demanded(record), horizon: Horizon::Clear };
                assert_eq!(status(case).0, want);
                assert!(!status(case).0.is_gap());
            }
        }
    }
}
