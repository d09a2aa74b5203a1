-- Who else runs the petition beside those named in the settings, who are owners whatever stands here. The name is the
-- one Telegram showed when they came, and stays when they are gone, because the journal is read with it.
CREATE TABLE members (
    id BIGINT NOT NULL PRIMARY KEY,  -- Telegram's; no reference, they may be forgotten as supporters
    name TEXT NOT NULL,
    role TEXT CHECK (role IN ('viewer', 'organizer', 'owner')),  -- null: only by the settings, or not any more
    invited_by BIGINT,
    joined_at TEXT NOT NULL
);

-- What the team agreed on: revision (raised by every change, which then come one after the other), approval_above.
CREATE TABLE agreements (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);

-- Ways into the team. Of the link only a hash is kept: whoever reads this table cannot use it.
CREATE TABLE invitations (
    id BIGINT NOT NULL PRIMARY KEY,  -- made up
    hash TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('viewer', 'organizer')),
    invited_by BIGINT NOT NULL,
    made_at TEXT NOT NULL,
    until TEXT NOT NULL,
    used_by BIGINT,
    closed_at TEXT  -- used, or taken back
);

-- Buttons that ask once more: each works once, for one person, for one thing, within a day.
CREATE TABLE confirmations (
    code TEXT NOT NULL PRIMARY KEY,
    person_id BIGINT NOT NULL,
    about TEXT NOT NULL,
    until TEXT NOT NULL
);

CREATE INDEX confirmations_by_age ON confirmations (until);

-- What the team did. Each line carries a hash over itself and the hash of the one before.
CREATE TABLE journal (
    number BIGINT NOT NULL PRIMARY KEY,
    who BIGINT NOT NULL,
    kind TEXT NOT NULL,
    deed TEXT NOT NULL,
    details TEXT NOT NULL,  -- JSON: what it changed; never a supporter's name or id
    done_at TEXT NOT NULL,
    hash TEXT NOT NULL
);

CREATE INDEX journal_by_kind ON journal (kind, number);

CREATE INDEX journal_by_who ON journal (who, number);

-- Where the journal ends, so that nobody cuts off its last lines unnoticed; whoever writes waits for this row.
CREATE TABLE journal_ends (
    name TEXT NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL,
    hash TEXT NOT NULL
);

-- A second organizer's word on exactly one version of a broadcast.
CREATE TABLE approvals (
    broadcast_id BIGINT NOT NULL PRIMARY KEY REFERENCES broadcasts (id) ON DELETE CASCADE,
    revision BIGINT NOT NULL,
    asked_by BIGINT NOT NULL,
    asked_at TEXT NOT NULL,
    starts BIGINT NOT NULL CHECK (starts IN (0, 1)),  -- 1: with the approval it goes out; 0: it waits for its hour
    approved_by BIGINT,
    approved_at TEXT,
    CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
    CHECK (approved_by IS NULL OR approved_by <> asked_by)
);
