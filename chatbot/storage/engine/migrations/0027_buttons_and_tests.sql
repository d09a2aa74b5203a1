-- Ready-made buttons below every copy, like sign,share; empty: none.
ALTER TABLE broadcasts ADD COLUMN ready_buttons TEXT NOT NULL DEFAULT '';

-- 1 once the organizer decided that a picture stays in one language only.
ALTER TABLE broadcasts ADD COLUMN picture_alone BIGINT NOT NULL DEFAULT 0;

-- When it was last sent to the team as a test.
ALTER TABLE broadcasts ADD COLUMN tested_at TEXT;

-- Who agreed to be named is counted for the question before the petition document.
CREATE INDEX signatures_named ON signatures (number) WHERE named_at IS NOT NULL AND set_aside_id IS NULL;
