-- How the petition stands; one row, made with the first change. See chatbot/petition/course.py for the words.
CREATE TABLE course (
    name TEXT NOT NULL PRIMARY KEY CHECK (name = 'course'),
    revision BIGINT NOT NULL DEFAULT 0,
    ending TEXT CHECK (ending IN ('closed', 'victory')),
    ended_at TEXT,
    statement_ko TEXT,  -- Telegram's HTML, as the next three
    statement_en TEXT,
    answer_ko TEXT,
    answer_en TEXT,
    next_milestone BIGINT,
    reached BIGINT,  -- the highest milestone that the team was congratulated on
    changed_by BIGINT,
    changed_at TEXT,
    change TEXT,
    CHECK ((ending IS NULL) = (ended_at IS NULL))
);

-- What an owner is writing about the course, until it is taken or left; one at a time for each.
CREATE TABLE course_drafts (
    person_id BIGINT NOT NULL PRIMARY KEY,
    change TEXT NOT NULL,
    revision BIGINT NOT NULL,  -- of the course when it was begun
    text_ko TEXT,
    text_en TEXT,
    number BIGINT
);

INSERT INTO counters (name, value)
SELECT 'readers:' || appeal_version || ':' || language, count(*) FROM signatures GROUP BY appeal_version, language;

-- Every wording of the appeal that was ever shown for signing, as its paragraphs.
CREATE TABLE appeal_versions (
    version TEXT NOT NULL,
    language TEXT NOT NULL,
    text TEXT NOT NULL,
    first_seen_at TEXT NOT NULL,
    PRIMARY KEY (version, language)
);

-- A notice to those who signed another wording than this one, subscribed or not; null: an update to subscribers.
ALTER TABLE broadcasts ADD COLUMN renews TEXT;

CREATE INDEX broadcasts_by_wording ON broadcasts (renews) WHERE renews IS NOT NULL;
