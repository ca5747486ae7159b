//! Status changes reach people at least once, under one id, through every outage; no secret and no text gets out.

use std::fs;

use serde_json::{Value, json};

use crate::servers::{Answer, Post, smtp, web};
use crate::shapes::assert_valid;
use crate::world::{Ran, World, fixture};

/// A company that was looked at once, and tells by these ways from then on.
fn company(notify: &str) -> World {
    let world = World::new();
    world.file("notes.txt", "Lunch menu.\nMonday soup, Tuesday fish.\n");
    let root = world.at("docs");
    let config = format!(
        "entities = [\"us-importer\"]\ntime_zone = \"UTC\"\n[[root]]\npath = {:?}\n{notify}",
        root.to_str().unwrap()
    );
    fs::write(world.at("evidex.toml"), config).unwrap();
    let first = world.run(&["scan"]);
    assert_eq!((first.code, first.stderr.as_str()), (0, ""), "the first look tells nothing");
    world
}

/// Makes one change of status, and scans.
fn change(world: &World) -> Ran {
    let waive = ["waive", "9.11", "--until", "2099-01-01", "--note", "generator on order", "--by", "Ana"];
    assert_eq!(world.run(&waive).code, 0);
    let ran = world.run(&["scan"]);
    assert_eq!(ran.code, 0, "telling never makes a scan fail: {}", ran.shown());
    ran
}

fn way(world: &World) -> Value {
    let list = world.json(&["notify", "list", "--format", "json"]);
    assert_valid("evidex.notify/1", std::slice::from_ref(&list), &["notify", "list"]);
    list["ways"][0].clone()
}

fn key(post: &Post) -> String {
    post.header("Idempotency-Key").unwrap().to_owned()
}

#[test]
fn a_webhook_outlives_every_outage_under_one_key() {
    // In turn: a fault of the server, silence, nobody there; then it is back.
    let server = web(None, &[Answer::Status(500), Answer::Silence]);
    let address = server.address;
    let world = company(&format!(
        "[[notify]]\nkind = \"webhook\"\nurl = \"http://{address}/T0/s3cret-path\"\ntimeout_seconds = 1\n\
         token_file = \"token\"\n"
    ));
    fs::write(world.at("token"), "s3cret-token\n").unwrap();

    let mut heard = vec![change(&world)];
    assert!(heard[0].stderr.contains("could not tell by `webhook`, to be tried again"), "{}", heard[0].stderr);
    assert!(heard[0].stderr.contains("answered 500"), "{}", heard[0].stderr);
    let first = server.next();
    let listed = way(&world);
    assert_eq!((&listed["waiting"], &listed["attempts"]), (&json!(1), &json!(1)));
    assert!(listed["next_try"].is_string() && listed["last_told"].is_null(), "{listed}");
    // The pause holds for a scan, not for a person.
    assert_eq!(world.run(&["scan"]).stderr, "");
    assert_eq!(way(&world)["attempts"], 1);

    heard.push(world.run(&["notify", "send"]));
    assert!(heard[1].stdout.contains("did not answer in time"), "{}", heard[1].shown());
    let second = server.next();
    drop(server);
    heard.push(world.run(&["notify", "send"]));
    assert!(heard[2].stdout.contains("could not reach"), "{}", heard[2].shown());
    assert_eq!((heard[1].code, heard[2].code, way(&world)["attempts"].clone()), (4, 4, json!(3)));

    let server = web(Some(address), &[Answer::Status(204)]);
    heard.push(world.run(&["notify", "send"]));
    assert_eq!((heard[3].code, heard[3].stdout.as_str()), (0, "webhook: 1 message taken\n"));
    let third = server.next();
    assert!(server.is_done());
    assert_eq!(key(&first), key(&second));
    assert_eq!((key(&first), &first.body), (key(&third), &third.body));
    assert_eq!(third.header("Authorization"), Some("Bearer s3cret-token"));
    let told: Value = serde_json::from_str(&third.body).unwrap();
    assert_valid("evidex.status-change/1", std::slice::from_ref(&told), &["webhook"]);
    assert_eq!(
        (&told["criterion"], &told["before"], &told["after"]),
        (&json!("9.11"), &json!("missing"), &json!("waived"))
    );
    assert_eq!((&told["cause"]["kind"], told["id"].as_str()), (&json!("decision"), Some(key(&third).as_str())));
    let listed = way(&world);
    assert_eq!((&listed["waiting"], &listed["attempts"], &listed["last_error"]), (&json!(0), &json!(0), &Value::Null));
    // Nothing goes twice once it was taken, and no secret shows anywhere.
    assert_eq!(world.run(&["notify", "send"]).stdout, "webhook: no message\n");
    heard.extend([
        world.run(&["notify", "list"]),
        world.run(&["config", "show"]),
        world.run(&["-vvv", "notify", "send"]),
    ]);
    for ran in heard {
        assert!(!ran.shown().contains("s3cret"), "{}", ran.shown());
    }
}

#[test]
fn a_file_gets_a_line_a_change_and_one_for_a_flood() {
    let world = company("[[notify]]\nkind = \"file\"\npath = \"changes.jsonl\"\n");
    change(&world);
    let lines = || -> Vec<Value> {
        let text = fs::read_to_string(world.at("changes.jsonl")).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    assert_eq!(lines().len(), 1);
    assert_valid("evidex.status-change/1", &lines(), &["file"]);
    // A whole company arrives at once: dozens of criteria, one message.
    copy(&fixture(), &world.doc("company"));
    assert!(matches!(world.run(&["scan"]).code, 0 | 3));
    let flood = lines().pop().unwrap();
    assert_eq!(lines().len(), 2);
    assert_valid("evidex.status-summary/1", std::slice::from_ref(&flood), &["file"]);
    assert!(flood["changes"].as_array().unwrap().len() >= 20, "{flood}");
    let text = fs::read_to_string(world.at("changes.jsonl")).unwrap();
    assert!(!text.contains("Tuesday") && !text.contains("generator on order"), "no text, no note: {text}");
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &target) } else { fs::copy(&path, &target).map(drop).unwrap() }
    }
}

#[test]
fn a_mail_a_day_goes_again_under_its_own_id() {
    let server = smtp(&["451 try again later", "250 taken"]);
    let world = company(&format!(
        "[[notify]]\nkind = \"email\"\nname = \"office\"\nsmtp = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\n\
         from = \"Evidex <evidex@example.com>\"\nto = [\"a@example.com\", \"b@example.com\"]\n",
        server.address.port()
    ));
    let ran = change(&world);
    assert!(ran.stderr.contains("`127.0.0.1` did not take the mail") && ran.stderr.contains("451"), "{}", ran.stderr);
    let first = server.next();
    // What comes while a mail is on its way is left to the next one.
    let undo = ["nil", "10.2", "--until", "2099-01-01", "--note", "closed", "--by", "Ana"];
    assert_eq!(world.run(&undo).code, 0);
    world.run(&["scan"]);
    let ran = world.run(&["notify", "send"]);
    let second = server.next();
    let id = |mail: &str| mail.lines().find(|line| line.starts_with("Message-ID:")).unwrap().to_owned();
    assert_eq!(id(&first), id(&second), "{}", ran.shown());
    for part in
        ["Subject: Evidex: 1 status change", "To: a@example.com, b@example.com", "  9.11", "waived, was missing"]
    {
        assert!(second.contains(part), "{part} in\n{second}");
    }
    assert!(!second.contains("generator on order"), "a note is not told: {second}");
}

#[test]
fn a_test_message_goes_by_every_way() {
    let server = web(None, &[Answer::Status(403)]);
    let world = company(&format!(
        "[[notify]]\nkind = \"webhook\"\nurl = \"http://{}/\"\n[[notify]]\nkind = \"file\"\npath = \"changes.jsonl\"\n",
        server.address
    ));
    let ran = world.run(&["notify", "test"]);
    assert_eq!(ran.code, 4);
    assert!(ran.stdout.contains("answered 403") && ran.stdout.contains("file: 1 test message taken"), "{}", ran.stdout);
    let post: Value = serde_json::from_str(&server.next().body).unwrap();
    assert_valid("evidex.notify-test/1", &[post], &["notify", "test"]);
    let line: Value = serde_json::from_str(&fs::read_to_string(world.at("changes.jsonl")).unwrap()).unwrap();
    assert_valid("evidex.notify-test/1", &[line], &["notify", "test"]);
    // What was not meant for telling is said plainly.
    assert_eq!(World::new().run(&["notify", "test"]).code, 2);
}

#[test]
fn nothing_is_told_into_a_watched_folder() {
    let world = World::new();
    let config = "[[root]]\npath = \"docs\"\n[[notify]]\nkind = \"file\"\npath = \"docs/changes.jsonl\"\n";
    fs::write(world.at("evidex.toml"), config).unwrap();
    let ran = world.run(&["scan"]);
    assert_eq!(ran.code, 2, "{}", ran.shown());
    assert!(ran.stderr.contains("nothing is ever written there"), "{}", ran.stderr);
    assert!(!world.doc("changes.jsonl").exists());
}
