-- The message that a post was typed in, so that an edit of this message changes the post.
ALTER TABLE posts ADD COLUMN written_by BIGINT;
ALTER TABLE posts ADD COLUMN message_id BIGINT;
ALTER TABLE posts ADD COLUMN sent_at TEXT;
