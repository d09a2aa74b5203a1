-- Signatures that organizers set aside together: they are kept, but do not count. One row for each time.
CREATE TABLE set_asides (
    id BIGINT NOT NULL PRIMARY KEY,  -- made up
    made_by BIGINT NOT NULL,
    conditions TEXT NOT NULL,  -- JSON, see chatbot/petition/doubt.py; of a name only a hash
    last_number BIGINT NOT NULL,  -- those who sign later are not meant
    reason TEXT,
    made_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('asked', 'counted', 'running', 'done', 'cancelled', 'restoring', 'restored')),
    found BIGINT,  -- how many it would be, counted before
    done BIGINT NOT NULL DEFAULT 0,  -- how many it was
    looked_to BIGINT NOT NULL DEFAULT 0,  -- the number up to which they were gone through, there or back
    total_before BIGINT  -- how many signatures counted when it began, there or back
);

CREATE INDEX set_asides_by_hour ON set_asides (made_at);

-- Null: it counts.
ALTER TABLE signatures ADD COLUMN set_aside_id BIGINT;

CREATE INDEX signatures_set_aside ON signatures (set_aside_id, number) WHERE set_aside_id IS NOT NULL;

-- From the first question to the tap that signed; null: not measured then.
ALTER TABLE signatures ADD COLUMN seconds BIGINT;

-- What was pointed out to organizers.
CREATE TABLE signals (
    id BIGINT NOT NULL PRIMARY KEY,  -- made up
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,  -- whatever makes it another one of its kind: a source, the hash of a name
    conditions TEXT NOT NULL,
    value BIGINT NOT NULL,  -- how many came
    usual BIGINT NOT NULL,  -- how many usually come in such a time, in thousandths
    found_at TEXT NOT NULL
);

CREATE INDEX signals_by_hour ON signals (found_at);

-- How far signatures were looked at for signals, and what is usual.
CREATE TABLE watch (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);
