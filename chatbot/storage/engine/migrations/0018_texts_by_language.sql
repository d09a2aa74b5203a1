-- Texts of the petition status and of its drafts: one row for each language instead of one column.

-- What the team says on the petition, in each language; see chatbot/petition/lifecycle.py.
CREATE TABLE petition_texts (
    subject TEXT NOT NULL CHECK (subject IN ('statement', 'answer')),
    language TEXT NOT NULL,
    text TEXT NOT NULL,  -- Telegram's HTML
    PRIMARY KEY (subject, language)
);

INSERT INTO petition_texts (subject, language, text)
SELECT 'statement', 'ko', statement_ko FROM petition_status WHERE statement_ko <> ''
UNION ALL SELECT 'statement', 'en', statement_en FROM petition_status WHERE statement_en <> ''
UNION ALL SELECT 'answer', 'ko', answer_ko FROM petition_status WHERE answer_ko <> ''
UNION ALL SELECT 'answer', 'en', answer_en FROM petition_status WHERE answer_en <> '';

ALTER TABLE petition_status DROP COLUMN statement_ko;
ALTER TABLE petition_status DROP COLUMN statement_en;
ALTER TABLE petition_status DROP COLUMN answer_ko;
ALTER TABLE petition_status DROP COLUMN answer_en;

-- The text of a change that an owner is writing, in each language.
CREATE TABLE status_draft_texts (
    member_id BIGINT NOT NULL REFERENCES status_drafts (member_id) ON DELETE CASCADE,
    language TEXT NOT NULL,
    text TEXT NOT NULL,  -- Telegram's HTML
    PRIMARY KEY (member_id, language)
);

INSERT INTO status_draft_texts (member_id, language, text)
SELECT member_id, 'ko', text_ko FROM status_drafts WHERE text_ko <> ''
UNION ALL SELECT member_id, 'en', text_en FROM status_drafts WHERE text_en <> '';

ALTER TABLE status_drafts DROP COLUMN text_ko;
ALTER TABLE status_drafts DROP COLUMN text_en;
