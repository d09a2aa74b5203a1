-- Channels and groups that organizers linked. A row stays after unlinking: its code is a source of signatures, and posts
-- refer to it. It holds nothing of what is said there.
CREATE TABLE places (
    code TEXT NOT NULL PRIMARY KEY,
    chat BIGINT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('channel', 'group')),
    title TEXT NOT NULL,
    language TEXT NOT NULL,
    linked_by BIGINT NOT NULL,
    linked_at TEXT NOT NULL,
    paused_at TEXT,
    unlinked_at TEXT,
    -- What keeps posts away, and since when: 'rights' and 'removed' by Telegram's updates, 'refused' by a refused call.
    trouble TEXT CHECK (trouble IN ('rights', 'removed', 'refused')),
    trouble_at TEXT,
    -- The pinned card, whose number follows.
    card_message_id BIGINT
);
