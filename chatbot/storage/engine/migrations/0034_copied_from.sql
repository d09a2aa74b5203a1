-- For a copy: the broadcast whose posts it began with; for the copy of a copy, the first of them.
ALTER TABLE broadcasts ADD COLUMN copied_from BIGINT REFERENCES broadcasts (id);

-- Older copies are known by a text that they still share.
UPDATE broadcasts SET copied_from = (
    SELECT min(first.broadcast_id) FROM posts AS own
    JOIN posts AS first ON first.language = own.language AND first.text = own.text AND first.broadcast_id < own.broadcast_id
    JOIN broadcasts AS origin ON origin.id = first.broadcast_id AND origin.kind = 'update' AND origin.of_id IS NULL
    WHERE own.broadcast_id = broadcasts.id)
WHERE kind = 'update' AND of_id IS NULL;

UPDATE broadcasts SET copied_from = (
    SELECT coalesce(first.copied_from, first.id) FROM broadcasts AS first WHERE first.id = broadcasts.copied_from)
WHERE copied_from IS NOT NULL;
