-- Version 1 of the ledger. This file is never edited once released: the next change is 0002.

-- The chain: hash = SHA-256(prev || {"at_ms":AT,"fact":BODY,"seq":SEQ}), BODY being canonical JSON (RFC 8785).
CREATE TABLE fact (
    seq   INTEGER PRIMARY KEY CHECK (seq > 0),
    at_ms INTEGER NOT NULL,
    kind  TEXT    NOT NULL CHECK (kind IN ('rooted', 'seen', 'read', 'judged', 'decided', 'configured')),
    body  TEXT    NOT NULL,
    prev  BLOB    NOT NULL CHECK (length(prev) = 32),
    hash  BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE INDEX fact_by_at ON fact (at_ms);
CREATE INDEX fact_by_kind ON fact (kind);

CREATE TRIGGER fact_is_never_changed BEFORE UPDATE ON fact
BEGIN
    SELECT RAISE(ABORT, 'facts are never changed');
END;

CREATE TRIGGER fact_is_never_deleted BEFORE DELETE ON fact
BEGIN
    SELECT RAISE(ABORT, 'facts are never deleted');
END;

-- Text, quotes and notes, named in facts by the hash of their plain bytes. The one thing that can be erased.
CREATE TABLE payload (
    id           INTEGER PRIMARY KEY,
    hash         BLOB    NOT NULL UNIQUE CHECK (length(hash) = 32),
    size         INTEGER NOT NULL CHECK (size >= 0), -- plain bytes
    packed       BLOB,                               -- zstd
    erased_at_ms INTEGER,
    CHECK ((packed IS NULL) = (erased_at_ms IS NOT NULL))
) STRICT;

CREATE TRIGGER payload_is_never_deleted BEFORE DELETE ON payload
BEGIN
    SELECT RAISE(ABORT, 'payloads are erased, never deleted');
END;

-- From here on everything can be made anew from the facts.

CREATE TABLE root (
    root   INTEGER PRIMARY KEY,
    path   BLOB    NOT NULL UNIQUE,
    device INTEGER NOT NULL, -- 64 bits, unsigned outside
    seq    INTEGER NOT NULL
) STRICT;

-- The newest sight of every name, those gone included.
CREATE TABLE sighting (
    root       INTEGER NOT NULL,
    path       BLOB    NOT NULL,
    seq        INTEGER NOT NULL,
    pass       INTEGER NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('content', 'unread', 'gone')),
    content    BLOB,
    size       INTEGER, -- the stamp; 64 bits, unsigned outside
    mtime_ns   INTEGER,
    ctime_ns   INTEGER,
    inode      INTEGER,
    looked_ns  INTEGER,
    reason     TEXT,
    detail     TEXT,
    named_ms   INTEGER NOT NULL, -- when the name was first seen
    version_ms INTEGER NOT NULL, -- when the present content was first seen under the name
    version_pass INTEGER NOT NULL,
    PRIMARY KEY (root, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE reading (
    content BLOB    NOT NULL,
    reader  TEXT    NOT NULL,
    seq     INTEGER NOT NULL,
    PRIMARY KEY (content, reader)
) STRICT, WITHOUT ROWID;

CREATE TABLE judgement (
    judge   TEXT    NOT NULL,
    content BLOB    NOT NULL,
    seq     INTEGER NOT NULL,
    payload BLOB    NOT NULL,
    PRIMARY KEY (judge, content)
) STRICT, WITHOUT ROWID;

CREATE TABLE decision (
    seq INTEGER PRIMARY KEY
) STRICT;

-- Not truth, not chained: what passes counted, for people.
CREATE TABLE pass_log (
    root        INTEGER NOT NULL,
    pass        INTEGER NOT NULL,
    started_ms  INTEGER NOT NULL,
    finished_ms INTEGER,
    counts      TEXT, -- JSON
    PRIMARY KEY (root, pass)
) STRICT, WITHOUT ROWID;
