-- How many signatures a signal shares with others of the same run: JSON, by their ids.
ALTER TABLE signals ADD COLUMN shared_with TEXT NOT NULL DEFAULT '{}';

-- The number of one of the counted signatures, which tells owners what name is meant.
ALTER TABLE set_asides ADD COLUMN example BIGINT;
