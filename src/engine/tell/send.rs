//! One message by one way: rendered by the reports, handed over by the edge.

use super::plan::{Form, Parcel};
use crate::domain::entity::Level;
use crate::domain::ids::InstantMs;
use crate::domain::status_change::{Cause, StatusChange};
use crate::engine::clock;
use crate::engine::config::{EmailConfig, NotifyConfig};
use crate::engine::ways::{self, Error, Field, Letter, Place, Secret, mail, webhook};
use crate::engine::workspace::Workspace;
use crate::report::told::{self, ToldChange, ToldSummary};

const CHECKED: &str = "checked when the configuration was loaded";

/// Hands one parcel over.
pub(super) fn send(workspace: &Workspace, way: &NotifyConfig, parcel: &Parcel) -> Result<(), Error> {
    let changes: Vec<ToldChange> = parcel.changes.iter().map(|change| told_change(workspace, change)).collect();
    let first = &changes[0];
    match (way, parcel.form) {
        (NotifyConfig::Email(email), Form::One | Form::Summary | Form::Digest) => {
            send_digest(workspace, email, (way.name(), &changes))
        }
        (_, Form::One | Form::Digest) => {
            let text = told::change_sentence(first);
            hand_over(way, &Note { id: &first.id, text: &text, json: &told::change_json(first), fields: fields(first) })
        }
        (_, Form::Summary) => {
            let id = format!("summary.{}.{}", first.id, changes.len());
            let cause = Field { name: "EVIDEX_CAUSE", value: first.cause.as_str().to_owned() };
            let summary = ToldSummary { id, changes };
            let text = told::summary_sentence(&summary);
            let json = told::summary_json(&summary);
            hand_over(way, &Note { id: &summary.id, text: &text, json: &json, fields: vec![cause] })
        }
    }
}

/// A test message.
pub(super) fn test(way: &NotifyConfig, now: InstantMs) -> Result<(), Error> {
    let id = format!("test.{}.{}", way.name(), now.0);
    let text = "This is a test of how Evidex tells of status changes.";
    if let NotifyConfig::Email(email) = way {
        let letter = Letter { id, subject: "Evidex: test".to_owned(), text: format!("{text}\n") };
        return mail::send(&email.mail().expect(CHECKED), &letter);
    }
    hand_over(way, &Note { id: &id, text, json: &told::test_json(&id, text), fields: Vec::new() })
}

/// A way's kind, and where its messages go, without secrets.
pub(super) fn address(way: &NotifyConfig) -> (&'static str, String) {
    match way {
        NotifyConfig::Journal(_) => ("journal", "the system's journal".to_owned()),
        NotifyConfig::File(file) => ("file", file.path.display().to_string()),
        NotifyConfig::Webhook(hook) => (
            "webhook",
            match hook.webhook().expect(CHECKED).place {
                Place::Url(url) => webhook::host_of(&url).unwrap_or_default(),
                Place::Secret(Secret::File(path)) => format!("the address in {}", path.display()),
                Place::Secret(Secret::Environment(name)) => format!("the address in ${name}"),
            },
        ),
        NotifyConfig::Email(email) => ("email", format!("{} by {}", email.to.join(", "), email.smtp)),
    }
}

/// A message in each of its forms.
struct Note<'a> {
    id: &'a str,
    text: &'a str,
    json: &'a str,
    fields: Vec<Field>,
}

fn hand_over(way: &NotifyConfig, note: &Note<'_>) -> Result<(), Error> {
    match way {
        NotifyConfig::Journal(_) => {
            let id = Field { name: "EVIDEX_ID", value: note.id.to_owned() };
            let fields: Vec<Field> = [id].into_iter().chain(note.fields.clone()).collect();
            ways::write_journal(note.text, &fields)
        }
        NotifyConfig::File(file) => ways::append(&file.path, note.json),
        NotifyConfig::Webhook(hook) => webhook::post(&hook.webhook().expect(CHECKED), note.id, note.json),
        NotifyConfig::Email(email) => {
            let letter = Letter { id: note.id.to_owned(), subject: note.text.to_owned(), text: note.text.to_owned() };
            mail::send(&email.mail().expect(CHECKED), &letter)
        }
    }
}

fn send_digest(workspace: &Workspace, email: &EmailConfig, (way, changes): (&str, &[ToldChange])) -> Result<(), Error> {
    let (first, last) = (&changes[0], &changes[changes.len() - 1]);
    let day = clock::day_of(clock::now(), &workspace.zone).unwrap_or(last.day);
    let (subject, text) = told::digest(changes, day);
    // The first and the last change name what is between them, so that every try has the same id.
    let id = format!("digest.{way}.{}.{}.{}", changes.len(), first.id, last.id);
    mail::send(&email.mail().expect(CHECKED), &Letter { id, subject, text })
}

fn told_change(workspace: &Workspace, change: &StatusChange) -> ToldChange {
    let criterion = workspace.catalog().criterion(&change.criterion);
    ToldChange {
        id: change.id.clone(),
        at: clock::instant_text(change.at),
        day: change.as_of,
        entity: change.entity,
        criterion: change.criterion.clone(),
        title: criterion.map(|criterion| criterion.title.clone()).unwrap_or_default(),
        level: criterion.map_or(Level::Unknown, |criterion| criterion.level(change.entity)),
        before: change.from,
        after: change.to,
        cause: change.cause.clone(),
    }
}

fn fields(change: &ToldChange) -> Vec<Field> {
    let field = |name, value: &str| Field { name, value: value.to_owned() };
    let mut fields = vec![
        field("EVIDEX_ENTITY", change.entity.as_str()),
        field("EVIDEX_CRITERION", change.criterion.as_str()),
        field("EVIDEX_BEFORE", change.before.as_str()),
        field("EVIDEX_AFTER", change.after.as_str()),
        field("EVIDEX_CAUSE", change.cause.as_str()),
    ];
    if let Cause::Document { paper } = &change.cause {
        fields.push(field("EVIDEX_PATH", &paper.path));
    }
    fields
}
