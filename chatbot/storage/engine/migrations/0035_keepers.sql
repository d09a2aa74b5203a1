-- For a copy of broadcasts that were deleted: how many people out of reach may keep one of them.
ALTER TABLE broadcasts ADD COLUMN keepers BIGINT;
