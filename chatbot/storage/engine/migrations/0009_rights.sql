-- When a signer agreed to be named in public; null: they did not.
ALTER TABLE signatures ADD COLUMN named_at TEXT;

-- Whose update it was is of no use: an update's id says all that is to be known.
ALTER TABLE received DROP COLUMN supporter_id;

-- What stood in the ledger of people who were erased, as `tallies` counts it: the counts of a broadcast stay true.
CREATE TABLE forgotten_deliveries (
    broadcast_id BIGINT NOT NULL REFERENCES broadcasts (id),
    language TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    value BIGINT NOT NULL CHECK (value >= 0),
    PRIMARY KEY (broadcast_id, language, outcome, reason)
);

-- Whoever wants to be forgotten is found at once, however much there is.
CREATE INDEX deliveries_by_supporter ON deliveries (supporter_id);

CREATE INDEX confirmations_by_person ON confirmations (person_id);

CREATE INDEX errands_by_person ON errands (for_id) WHERE for_id IS NOT NULL;

-- Those whom somebody's share link brought.
CREATE INDEX supporters_by_friend ON supporters (source) WHERE substr(source, 1, 2) = 's-';

CREATE INDEX signatures_by_friend ON signatures (source) WHERE substr(source, 1, 2) = 's-';

-- Answers on the way to a signature are kept for a day.
CREATE INDEX drafts_by_age ON supporters (last_seen_at) WHERE draft <> '{}';
