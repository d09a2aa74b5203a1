-- Moments are UTC in ISO 8601, 27 characters, ending in Z. A nullable moment stands for a flag.

-- Everybody who ever talked to the bot, and where they are in the conversation.
CREATE TABLE supporters (
    id BIGINT NOT NULL PRIMARY KEY,  -- Telegram's
    language TEXT NOT NULL,
    language_chosen_at TEXT,  -- null: guessed from their Telegram
    source TEXT,  -- the deep link that brought them first
    step TEXT NOT NULL DEFAULT 'idle',
    draft TEXT NOT NULL DEFAULT '{}',  -- JSON: what they have told us on the way to a signature
    share_code TEXT UNIQUE,  -- the source of those whom they bring
    blocked_at TEXT,
    last_update_id BIGINT,
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL
);

-- One account, one signature. An id changes along with its supporter's when retention replaces it.
CREATE TABLE signatures (
    supporter_id BIGINT NOT NULL PRIMARY KEY REFERENCES supporters (id) ON UPDATE CASCADE,
    number BIGINT NOT NULL UNIQUE CHECK (number > 0),
    name TEXT NOT NULL,
    country TEXT NOT NULL CHECK (length(country) = 2),  -- ISO 3166-1 alpha-2
    reason TEXT,
    language TEXT NOT NULL,
    source TEXT,
    appeal_version TEXT NOT NULL,
    signed_at TEXT NOT NULL
);

CREATE TABLE subscriptions (
    supporter_id BIGINT NOT NULL PRIMARY KEY REFERENCES supporters (id) ON UPDATE CASCADE,
    language TEXT NOT NULL,
    country TEXT,  -- of their signature, if any: updates may go to some countries only
    subscribed_at TEXT NOT NULL,
    ended_at TEXT,
    ended_because TEXT,
    CHECK ((ended_at IS NULL) = (ended_because IS NULL))
);

-- What would have to be counted otherwise: signatures, signatures:KR, subscriptions, subscriptions:ko:KR.
CREATE TABLE counters (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL CHECK (value >= 0)
);

-- The updates that were carried through, so that one delivered again changes nothing. Pruned after two days.
CREATE TABLE received (
    update_id BIGINT NOT NULL PRIMARY KEY,
    supporter_id BIGINT NOT NULL,
    received_at TEXT NOT NULL
);

CREATE INDEX received_by_age ON received (received_at);
