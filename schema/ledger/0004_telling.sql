-- How far each way of telling has come in the status log. Not truth, not chained: the outbox.

CREATE TABLE telling (
    way        TEXT    PRIMARY KEY,
    told       INTEGER NOT NULL, -- the last number of the status log that was told
    flight     INTEGER,          -- the last number of a message that was tried and not taken yet
    attempts   INTEGER NOT NULL, -- of that message
    next_ms    INTEGER,          -- not to be tried again before
    error      TEXT,
    told_ms    INTEGER           -- when a message was last taken
) STRICT, WITHOUT ROWID;
