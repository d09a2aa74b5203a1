-- What is to happen after a turn was committed and is not its answer: notices, files, long work. Done is deleted.
CREATE TABLE errands (
    id BIGINT NOT NULL PRIMARY KEY,  -- made up
    kind TEXT NOT NULL,
    details TEXT NOT NULL,  -- JSON: what is asked
    progress TEXT NOT NULL DEFAULT '{}',  -- JSON: how far it is
    for_id BIGINT,  -- who asked for it, or is to be told; no reference, they may be forgotten before
    tries BIGINT NOT NULL DEFAULT 0,
    added_at TEXT NOT NULL,
    due_at TEXT NOT NULL
);

CREATE INDEX errands_by_hour ON errands (due_at, id);
