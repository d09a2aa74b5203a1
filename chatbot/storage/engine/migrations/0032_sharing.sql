-- How far a signature is from one that came without a friend: 0 is that one, 1 through a friend's link, 2 through the link of
-- somebody whom a friend brought, and so on; 4 stands for all beyond.
ALTER TABLE signatures ADD COLUMN generation BIGINT NOT NULL DEFAULT 0;

UPDATE signatures SET generation = 1 WHERE substr(source, 1, 2) = 's-';

UPDATE signatures SET generation = 2 WHERE substr(source, 1, 2) = 's-' AND EXISTS (
    SELECT 1 FROM supporters JOIN signatures AS before ON before.supporter_id = supporters.id
    WHERE supporters.share_code = signatures.source AND before.generation >= 1 AND before.number < signatures.number);

UPDATE signatures SET generation = 3 WHERE substr(source, 1, 2) = 's-' AND EXISTS (
    SELECT 1 FROM supporters JOIN signatures AS before ON before.supporter_id = supporters.id
    WHERE supporters.share_code = signatures.source AND before.generation >= 2 AND before.number < signatures.number);

UPDATE signatures SET generation = 4 WHERE substr(source, 1, 2) = 's-' AND EXISTS (
    SELECT 1 FROM supporters JOIN signatures AS before ON before.supporter_id = supporters.id
    WHERE supporters.share_code = signatures.source AND before.generation >= 3 AND before.number < signatures.number);

INSERT INTO counters (name, value)
SELECT 'generations:' || generation, count(*) FROM signatures WHERE set_aside_id IS NULL GROUP BY generation;

-- How many signed through the share link of a person, as they are told: counted once a day, and it never falls.
ALTER TABLE supporters ADD COLUMN friends_signed BIGINT NOT NULL DEFAULT 0;

-- The highest of the numbers that they are written to about.
ALTER TABLE supporters ADD COLUMN friends_told BIGINT NOT NULL DEFAULT 0;

-- When they switched those messages off; null: they get them.
ALTER TABLE supporters ADD COLUMN friends_muted_at TEXT;

-- 1 once a person is counted for the friend whose link brought them: signing again counts nothing more.
ALTER TABLE supporters ADD COLUMN counted_for_friend BIGINT NOT NULL DEFAULT 0;

-- What they did of the things that actions.toml names, separated by spaces.
ALTER TABLE supporters ADD COLUMN actions_done TEXT NOT NULL DEFAULT '';

-- Signatures up to this number are from before: they are counted for friends, and nobody is written to about them.
INSERT INTO app_state (name, value)
SELECT 'friends_silent_to', CAST(number AS TEXT) FROM signatures ORDER BY number DESC LIMIT 1;
