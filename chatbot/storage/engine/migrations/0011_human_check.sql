-- When somebody showed that they are a person, by tapping the right picture. Kept: nobody is asked twice.
ALTER TABLE supporters ADD COLUMN human_at TEXT;

-- Whether people are asked for that before they sign: see chatbot/petition/human_check.py.
ALTER TABLE course ADD COLUMN human_mode TEXT NOT NULL DEFAULT 'off' CHECK (human_mode IN ('off', 'on', 'auto'));

-- Signatures in ten minutes above which it switches itself on.
ALTER TABLE course ADD COLUMN human_rate BIGINT NOT NULL DEFAULT 100;

-- So long it stays on by itself.
ALTER TABLE course ADD COLUMN human_until TEXT;

ALTER TABLE course ADD COLUMN human_revision BIGINT NOT NULL DEFAULT 0;

ALTER TABLE course ADD COLUMN human_by BIGINT;
