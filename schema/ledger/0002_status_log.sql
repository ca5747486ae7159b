-- Version 2: which statuses changed, when and why. Not truth and not chained: statuses follow from the facts, these
-- tables only keep what was found by comparing, so that nobody is told twice and nothing is told never.

CREATE TABLE status_log (
    number      INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice: readers go on after the last they saw
    id          TEXT    NOT NULL UNIQUE,           -- the same change found again has the same
    at_ms       INTEGER NOT NULL,
    as_of       TEXT    NOT NULL,
    entity      TEXT    NOT NULL,
    criterion   TEXT    NOT NULL,
    from_status TEXT    NOT NULL,
    to_status   TEXT    NOT NULL,
    cause       TEXT    NOT NULL -- JSON
) STRICT;

-- What the statuses below were assessed from.
CREATE TABLE status_basis (
    entity  TEXT    PRIMARY KEY,
    at_ms   INTEGER NOT NULL,
    as_of   TEXT    NOT NULL,
    seq     INTEGER NOT NULL, -- the newest fact
    judge   TEXT    NOT NULL,
    catalog TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- The statuses as last assessed, with the papers that bore on them.
CREATE TABLE status_held (
    entity    TEXT NOT NULL,
    criterion TEXT NOT NULL,
    status    TEXT NOT NULL,
    papers    TEXT NOT NULL, -- JSON: an array of names
    PRIMARY KEY (entity, criterion)
) STRICT, WITHOUT ROWID;
