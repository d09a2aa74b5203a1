-- Updates to every subscriber, their corrections and recalls; see chatbot/petition/broadcast.py for the words.
CREATE TABLE broadcasts (
    id BIGINT NOT NULL PRIMARY KEY,  -- from the counter "broadcasts"
    kind TEXT NOT NULL CHECK (kind IN ('update', 'correction', 'recall')),
    of_id BIGINT REFERENCES broadcasts (id),
    organizer_id BIGINT NOT NULL,
    audience_language TEXT,
    audience_countries TEXT NOT NULL DEFAULT '',  -- KR,US; empty: all
    reach TEXT NOT NULL DEFAULT 'readers' CHECK (reach IN ('readers', 'everyone')),
    sound TEXT NOT NULL DEFAULT 'on' CHECK (sound IN ('on', 'silent')),
    revision BIGINT NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL,
    scheduled_for TEXT,
    late_at TEXT,
    started_at TEXT,
    gathered_to BIGINT,  -- the last subscriber looked at while the audience is gathered
    gathered_at TEXT,
    paused_at TEXT,
    again TEXT CHECK (again IN ('failed', 'unknown')),  -- whose deliveries are being put back to wait
    ended_at TEXT,
    ending TEXT,
    refusal TEXT,
    recalled_at TEXT,
    progress_message_id BIGINT,
    reported_at TEXT,
    CHECK ((ended_at IS NULL) = (ending IS NULL))
);

-- What has not ended is looked at all the time, and is never much.
CREATE INDEX broadcasts_open ON broadcasts (started_at) WHERE ended_at IS NULL;

CREATE TABLE posts (
    broadcast_id BIGINT NOT NULL REFERENCES broadcasts (id) ON DELETE CASCADE,
    language TEXT NOT NULL,
    text TEXT NOT NULL,  -- Telegram's HTML
    media_kind TEXT,
    file_id TEXT,
    button_label TEXT,
    button_url TEXT,
    PRIMARY KEY (broadcast_id, language),
    CHECK ((media_kind IS NULL) = (file_id IS NULL)),
    CHECK ((button_label IS NULL) = (button_url IS NULL))
);

-- The ledger: who gets what, and what became of it. `sending` is committed before Telegram is called.
CREATE TABLE deliveries (
    broadcast_id BIGINT NOT NULL REFERENCES broadcasts (id),
    supporter_id BIGINT NOT NULL REFERENCES supporters (id) ON UPDATE CASCADE,
    language TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'gone', 'failed', 'unknown', 'skipped')),
    reason TEXT,
    message_id BIGINT,  -- what was sent; in a correction or recall, what is to be changed
    PRIMARY KEY (broadcast_id, supporter_id)
);

-- Nearly all of a large ledger is `sent`; the few that are not are found without looking at it.
CREATE INDEX deliveries_by_state ON deliveries (broadcast_id, state, supporter_id) WHERE state <> 'sent';

-- The ledger, counted: outcome `audience` for all who are to get it, then what became of how many, and why.
CREATE TABLE tallies (
    broadcast_id BIGINT NOT NULL REFERENCES broadcasts (id),
    language TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,  -- empty where there is none
    value BIGINT NOT NULL CHECK (value >= 0),
    PRIMARY KEY (broadcast_id, language, outcome, reason)
);
