-- Tables and columns get the names that the code and the documents use. Every row, and every hash, stays as it is.
-- Small tables are made again, so that their constraints and indexes have the new names on both engines.

-- The updates that were processed: one that Telegram delivers again changes nothing. Pruned after two days.
CREATE TABLE processed_updates (
    update_id BIGINT NOT NULL PRIMARY KEY,
    processed_at TEXT NOT NULL
);

INSERT INTO processed_updates (update_id, processed_at) SELECT update_id, received_at FROM received;

DROP TABLE received;

CREATE INDEX processed_updates_by_age ON processed_updates (processed_at);

-- Key/value state that all processes of an installation share: the webhook's secret, how far a periodic job is.
CREATE TABLE app_state (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

INSERT INTO app_state (name, value) SELECT name, value FROM keepsakes;

DROP TABLE keepsakes;

-- The chats that have the organizers' menu of commands. The menu is taken back when the person leaves the team.
CREATE TABLE chat_menus (
    chat_id BIGINT NOT NULL PRIMARY KEY,
    given_at TEXT NOT NULL
);

INSERT INTO chat_menus (chat_id, given_at) SELECT id, greeted_at FROM organizers;

DROP TABLE organizers;

-- The deliveries of a broadcast, counted: outcome `audience` for all recipients, then each outcome and its reason.
CREATE TABLE delivery_counts (
    broadcast_id BIGINT NOT NULL REFERENCES broadcasts (id),
    language TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,  -- empty where there is none
    value BIGINT NOT NULL CHECK (value >= 0),
    PRIMARY KEY (broadcast_id, language, outcome, reason)
);

INSERT INTO delivery_counts (broadcast_id, language, outcome, reason, value)
SELECT broadcast_id, language, outcome, reason, value FROM tallies;

DROP TABLE tallies;

-- The part of `delivery_counts` that belongs to people who were erased: the counts of a broadcast stay true.
CREATE TABLE erased_delivery_counts (
    broadcast_id BIGINT NOT NULL REFERENCES broadcasts (id),
    language TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    value BIGINT NOT NULL CHECK (value >= 0),
    PRIMARY KEY (broadcast_id, language, outcome, reason)
);

INSERT INTO erased_delivery_counts (broadcast_id, language, outcome, reason, value)
SELECT broadcast_id, language, outcome, reason, value FROM forgotten_deliveries;

DROP TABLE forgotten_deliveries;

-- What the team did. Each entry has a hash over itself and the hash of the entry before.
CREATE TABLE audit_log (
    number BIGINT NOT NULL PRIMARY KEY,
    member_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    action TEXT NOT NULL,
    details TEXT NOT NULL,  -- JSON: what it changed; never a supporter's name or id
    done_at TEXT NOT NULL,
    hash TEXT NOT NULL
);

INSERT INTO audit_log (number, member_id, kind, action, details, done_at, hash)
SELECT number, who, kind, deed, details, done_at, hash FROM journal;

DROP TABLE journal;

CREATE INDEX audit_log_by_kind ON audit_log (kind, number);

CREATE INDEX audit_log_by_member ON audit_log (member_id, number);

-- The last entry of the audit log: it shows whether entries were cut off. Writers lock this row.
CREATE TABLE audit_log_end (
    name TEXT NOT NULL PRIMARY KEY CHECK (name = 'audit_log'),
    number BIGINT NOT NULL,
    hash TEXT NOT NULL
);

INSERT INTO audit_log_end (name, number, hash) SELECT 'audit_log', number, hash FROM journal_ends;

DROP TABLE journal_ends;

-- The status of the petition: one row, inserted with the first change. See chatbot/petition/lifecycle.py.
CREATE TABLE petition_status (
    name TEXT NOT NULL PRIMARY KEY CHECK (name = 'petition'),
    revision BIGINT NOT NULL DEFAULT 0,
    ending TEXT CHECK (ending IN ('closed', 'victory')),
    ended_at TEXT,
    statement_ko TEXT,  -- Telegram's HTML, as the next three
    statement_en TEXT,
    answer_ko TEXT,
    answer_en TEXT,
    next_milestone BIGINT,
    reached_milestone BIGINT,  -- the highest milestone that the team was congratulated on
    changed_by BIGINT,
    changed_at TEXT,
    change TEXT,
    -- Whether people are asked to pass the human check before they sign; see chatbot/petition/signing/human_check.py.
    human_mode TEXT NOT NULL DEFAULT 'off' CHECK (human_mode IN ('off', 'on', 'auto')),
    human_rate BIGINT NOT NULL DEFAULT 100,  -- signatures in ten minutes above which it switches on in mode `auto`
    human_until TEXT,  -- when it switches off in mode `auto`
    human_revision BIGINT NOT NULL DEFAULT 0,
    human_by BIGINT,
    CHECK ((ending IS NULL) = (ended_at IS NULL))
);

INSERT INTO petition_status (
    name, revision, ending, ended_at, statement_ko, statement_en, answer_ko, answer_en, next_milestone,
    reached_milestone, changed_by, changed_at, change, human_mode, human_rate, human_until, human_revision, human_by)
SELECT 'petition', revision, ending, ended_at, statement_ko, statement_en, answer_ko, answer_en, next_milestone,
    reached, changed_by, changed_at, change, human_mode, human_rate, human_until, human_revision, human_by
FROM course;

DROP TABLE course;

-- A change of the petition status that an owner is writing; one at a time for each owner.
CREATE TABLE status_drafts (
    member_id BIGINT NOT NULL PRIMARY KEY,
    change TEXT NOT NULL,
    revision BIGINT NOT NULL,  -- of the status when the draft was begun
    text_ko TEXT,
    text_en TEXT,
    number BIGINT
);

INSERT INTO status_drafts (member_id, change, revision, text_ko, text_en, number)
SELECT person_id, change, revision, text_ko, text_en, number FROM course_drafts;

DROP TABLE course_drafts;

-- How far the signatures were searched for signals, and what is usual.
CREATE TABLE detection_state (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);

INSERT INTO detection_state (name, value)
SELECT CASE name WHEN 'looked_at' THEN 'searched_at' ELSE name END, value FROM watch;

DROP TABLE watch;

-- Work asked for in a turn and done after its commit: notices, files, long work. A job that is done is deleted.
CREATE TABLE jobs (
    id BIGINT NOT NULL PRIMARY KEY,  -- random
    kind TEXT NOT NULL,
    details TEXT NOT NULL,  -- JSON: what is asked
    progress TEXT NOT NULL DEFAULT '{}',  -- JSON: how much of it is done
    chat_id BIGINT,  -- of the person who asked for it, or is to be told; no reference, they may be erased before
    tries BIGINT NOT NULL DEFAULT 0,
    added_at TEXT NOT NULL,
    due_at TEXT NOT NULL
);

INSERT INTO jobs (id, kind, details, progress, chat_id, tries, added_at, due_at)
SELECT id, kind, details, progress, for_id, tries, added_at, due_at FROM errands;

DROP TABLE errands;

CREATE INDEX jobs_by_hour ON jobs (due_at, id);

CREATE INDEX jobs_by_chat ON jobs (chat_id) WHERE chat_id IS NOT NULL;

-- The funnel steps that somebody came to: a bit for each step, see chatbot/petition/funnel.py.
DROP INDEX lookers_by_age;

ALTER TABLE supporters RENAME COLUMN reached TO funnel_steps;

-- Visitors: neither `signed` (64) nor `subscribed` (128). Retention erases them by age.
CREATE INDEX visitors_by_age ON supporters (last_seen_at) WHERE (funnel_steps & 192) = 0;

DROP INDEX confirmations_by_person;

ALTER TABLE confirmations RENAME COLUMN person_id TO supporter_id;

CREATE INDEX confirmations_by_supporter ON confirmations (supporter_id);

-- When somebody who left the team and asked to be erased is anonymised in the audit log.
DROP INDEX members_to_hide;

ALTER TABLE members RENAME COLUMN hidden_from TO anonymise_at;

CREATE INDEX members_to_anonymise ON members (anonymise_at) WHERE anonymise_at IS NOT NULL;

-- The number up to which the signatures were gone through, when setting them aside or putting them back.
ALTER TABLE set_asides RENAME COLUMN looked_to TO searched_to;
