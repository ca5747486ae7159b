//! The first steps of an administrator: a configuration, and what a service would be.

use std::fs;

use insta::assert_snapshot;

use crate::world::World;

#[test]
fn a_configuration_out_of_flags() {
    let world = World::new();
    let all =
        ["init", "docs", "--entity", "us-importer", "--anniversary", "2027-05-14", "--time-zone", "America/New_York"];
    assert_snapshot!(world.run_bare(&all).shown(), @r"
    exit 0
    --- stdout
    wrote evidex.toml

    next:
      evidex scan                  # read the folder
      evidex gaps                  # which criteria lack evidence
      sudo evidex service install  # or let a service watch the folder
    ");
    let text = fs::read_to_string(world.at("evidex.toml")).unwrap();
    assert!(text.contains("anniversary = \"2027-05-14\"\n") && text.contains("# warning_days = 30\n"), "{text}");
    world.file("a.txt", "Seal log");
    assert_eq!(world.run_bare(&["scan"]).code, 0, "the next command works");

    let again = world.run_bare(&all);
    assert_eq!(again.code, 2);
    assert!(again.stderr.contains("`evidex.toml` is there already"), "{}", again.stderr);
    assert_eq!(world.run_bare(&[&all[..], &["--force"]].concat()).code, 0);
    let elsewhere = world.run_bare(&[&all[..], &["--output", "other.toml", "--state", "st"]].concat());
    assert!(elsewhere.stdout.contains("evidex --config other.toml scan"), "{}", elsewhere.stdout);
    assert!(fs::read_to_string(world.at("other.toml")).unwrap().contains("/st\"\n"), "the state is written");
}

#[test]
fn without_a_terminal_nothing_is_guessed() {
    let world = World::new();
    assert_snapshot!(world.run_bare(&["init", "docs"]).shown(), @r"
    exit 2
    --- stderr
    error: there is no terminal to ask at, and not all answers are given: --entity TYPE, --anniversary YYYY-MM-DD, --time-zone ZONE

    hint: `--yes` leaves the anniversary out and takes the machine's time zone; folder and entity are always needed
    ");
    assert_eq!(world.run_bare(&["init", "docs", "--entity", "us-importer"]).code, 2);
    assert_eq!(world.run_bare(&["init", "docs", "--entity", "us-importer", "--yes"]).code, 0);
}

#[test]
fn wrong_answers_are_refused_before_anything_is_written() {
    let world = World::new();
    for (args, part) in [
        (&["init", "dosc", "--entity", "us-importer", "--yes"][..], "`dosc`"),
        (&["init", "docs", "--entity", "us-importr", "--yes"], "did you mean `us-importer`"),
        (&["init", "docs", "--entity", "us-importer", "--yes", "--time-zone", "Mars/Olympus"], "Mars/Olympus"),
        (&["init", "docs", "--entity", "us-importer", "--yes", "--anniversary", "14.5.2027"], "14.5.2027"),
        (&["init", "docs", "--entity", "us-importer", "--yes", "--output", "docs/e.toml"], "nothing is ever written"),
        (&["init", "docs", "--entity", "us-importer", "--yes", "--output", "none/e.toml"], "could not write"),
    ] {
        let ran = world.run_bare(args);
        assert!(matches!(ran.code, 2 | 4), "{args:?}: {}", ran.shown());
        assert!(ran.stderr.contains(part), "{args:?}: {}", ran.stderr);
    }
    assert!(!world.at("evidex.toml").exists() && !world.doc("e.toml").exists());
}

#[test]
fn a_service_is_shown_before_it_is_made() {
    let world = World::new();
    let config =
        "state = \"st\"\n[[root]]\npath = \"docs\"\n[[notify]]\nkind = \"file\"\npath = \"log/changes.jsonl\"\n";
    fs::write(world.at("evidex.toml"), config).unwrap();
    let image = ["--root", "image"];
    let args =
        [&["service", "install", "--dry-run", "--memory-max", "2G", "--also-group", "staff"][..], &image].concat();
    let ran = world.run_bare(&args);
    assert_eq!(ran.code, 0, "{}", ran.shown());
    for part in [
        "groupadd --prefix image --system evidex",
        "write image/etc/systemd/system/evidex.service",
        "    ReadOnlyPaths=-[DIR]/docs",
        "    ReadWritePaths=[DIR]/st",
        "    ReadWritePaths=-[DIR]/log",
        "    SupplementaryGroups=staff",
        "    MemoryMax=2G",
        "    RestrictAddressFamilies=AF_UNIX",
        "systemctl --root=image enable evidex.service",
    ] {
        assert!(ran.stdout.lines().any(|line| line == part), "{part} in\n{}", ran.stdout);
    }
    assert!(!world.at("image").exists(), "nothing was done");
    let ran = world.run_bare(&["service", "install", "--dry-run", "--user", "a b"]);
    assert_eq!((ran.code, ran.stderr.contains("`a b`")), (2, true), "{}", ran.shown());
    fs::write(world.at("evidex.toml"), "[[root]]\npath = \"docs\"\n").unwrap();
    let ran = world.run_bare(&["service", "install", "--dry-run"]);
    assert_eq!((ran.code, ran.stderr.contains("names no `state`")), (2, true), "{}", ran.shown());
}
