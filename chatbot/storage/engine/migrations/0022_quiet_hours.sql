-- From when a waiting delivery may be sent, in the reader's morning; empty: at once. It is emptied when it is sent.
ALTER TABLE deliveries ADD COLUMN due_at TEXT NOT NULL DEFAULT '';

-- When an organizer decided that it is urgent: it does not wait for the readers' morning.
ALTER TABLE broadcasts ADD COLUMN urgent_at TEXT;

DROP INDEX deliveries_by_state;

CREATE INDEX deliveries_by_state ON deliveries (broadcast_id, state, due_at, supporter_id) WHERE state <> 'sent';
