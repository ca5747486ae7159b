-- Contents whose text is not kept (`forget`, private paths, retention), and ledgers saved from damaged ones.

-- The kinds of facts are the program's to know: a list of them here would want the table made anew with each.
CREATE TABLE fact_anew (
    seq   INTEGER PRIMARY KEY CHECK (seq > 0),
    at_ms INTEGER NOT NULL,
    kind  TEXT    NOT NULL CHECK (kind <> ''),
    body  TEXT    NOT NULL,
    prev  BLOB    NOT NULL CHECK (length(prev) = 32),
    hash  BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;

INSERT INTO fact_anew (seq, at_ms, kind, body, prev, hash)
    SELECT seq, at_ms, kind, body, prev, hash FROM fact ORDER BY seq;

-- Its indexes and triggers go with it.
DROP TABLE fact;
ALTER TABLE fact_anew RENAME TO fact;

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

-- Made anew from the facts, as the other tables of newest things.
CREATE TABLE withheld (
    content BLOB    NOT NULL PRIMARY KEY,
    seq     INTEGER NOT NULL,
    why     TEXT    NOT NULL CHECK (why IN ('forgotten', 'private', 'expired', 'lifted'))
) STRICT, WITHOUT ROWID;
