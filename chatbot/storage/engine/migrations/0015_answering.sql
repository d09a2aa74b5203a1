-- What one of the team sent without anybody's approval, for a day: all of it together may go to so many people only.
CREATE TABLE sent_alone (
    broadcast_id BIGINT NOT NULL,
    sent_at TEXT NOT NULL,  -- once more, where it was sent again
    sent_by BIGINT NOT NULL,
    people BIGINT NOT NULL,
    PRIMARY KEY (broadcast_id, sent_at)
);

CREATE INDEX sent_alone_by_whom ON sent_alone (sent_by, sent_at);

-- Since when somebody is not in the team any more; null: they are, or left before this was kept.
ALTER TABLE members ADD COLUMN left_at TEXT;

-- When somebody who wants to be forgotten goes from what the team did, too; null: they stay.
ALTER TABLE members ADD COLUMN hidden_from TEXT;

CREATE INDEX members_to_hide ON members (hidden_from) WHERE hidden_from IS NOT NULL;
