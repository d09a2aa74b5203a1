-- Whose chats have the organizers' menu of commands, so that it can be taken back from whoever is one no longer.
CREATE TABLE organizers (
    id BIGINT NOT NULL PRIMARY KEY,  -- Telegram's
    greeted_at TEXT NOT NULL
);
