-- Cards whose number follows: messages that people posted in any chat. Nothing says who posted one.
CREATE TABLE cards (
    -- Telegram's id of the message, sealed with a key that is not in the database: it contains the account that posted it.
    sealed_id TEXT NOT NULL PRIMARY KEY,
    language TEXT NOT NULL,
    posted_on TEXT NOT NULL,  -- the day only
    place BIGINT NOT NULL  -- their order
);
CREATE INDEX cards_by_place ON cards (place);
CREATE INDEX cards_by_day ON cards (posted_on);
