-- Channels and groups that a broadcast goes to as well: their codes, like c-abcd,c-efgh; empty: none.
ALTER TABLE broadcasts ADD COLUMN places TEXT NOT NULL DEFAULT '';

-- When place_deliveries were written for it.
ALTER TABLE broadcasts ADD COLUMN places_gathered_at TEXT;

-- The ledger of places, apart from that of people: what each place gets, and what became of it.
CREATE TABLE place_deliveries (
    broadcast_id BIGINT NOT NULL REFERENCES broadcasts (id),
    code TEXT NOT NULL,  -- of the place
    title TEXT NOT NULL,  -- as it was called then
    language TEXT NOT NULL,  -- of the place, and of the post once it is claimed
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'gone', 'failed', 'unknown', 'skipped')),
    reason TEXT,
    claim TEXT,  -- of the call in flight: a claim is made once, also if its answer was lost
    chat BIGINT,  -- where it was sent; a group's id may change, and its messages with it
    message_id BIGINT,  -- what was sent; in a correction or recall, what is to be changed
    PRIMARY KEY (broadcast_id, code)
);
