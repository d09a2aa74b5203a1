-- For a copy of a broadcast that was sent: how many people had that one when it was copied.
ALTER TABLE broadcasts ADD COLUMN had_already BIGINT;
