-- One row for each process that runs now: when it last showed that it works, and what is wrong with it, if it knows.
CREATE TABLE heartbeats (
    process TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    machine TEXT NOT NULL,
    beat_at TEXT NOT NULL,
    trouble TEXT
);
