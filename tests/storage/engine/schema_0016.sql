-- Rows of every table, as the code of schema 0016 stored them: a petition with signatures, a broadcast under way, a
-- team, an audit log and waiting jobs. Do not change this file.

INSERT INTO supporters (id, language, language_chosen_at, source, step, draft, share_code, blocked_at, last_update_id, first_seen_at, last_seen_at, reached, human_at) VALUES
(1001, 'ko', NULL, 'radio', 'idle', '{}', 's-abc', NULL, 1001, '2026-03-01T09:00:00.000000Z', '2026-03-01T09:00:00.000000Z', 253, NULL),
(2002, 'en', NULL, 's-abc', 'idle', '{}', NULL, NULL, 2002, '2026-03-01T09:00:00.000000Z', '2026-03-01T09:00:00.000000Z', 253, NULL),
(3003, 'ko', NULL, NULL, 'name', '{"name":"유나"}', NULL, NULL, 9, '2026-03-01T09:00:00.000000Z', '2026-03-01T09:00:00.000000Z', 5, NULL),
(4004, 'en', NULL, NULL, 'idle', '{}', NULL, '2026-03-01T09:00:00.000000Z', 4004, '2026-03-01T09:00:00.000000Z', '2026-03-01T09:00:00.000000Z', 253, '2026-03-01T09:00:00.000000Z'),
(6006, 'ko', NULL, NULL, 'idle', '{}', NULL, NULL, NULL, '2026-01-20T09:00:00.000000Z', '2026-01-20T09:00:00.000000Z', 0, NULL);

INSERT INTO signatures (supporter_id, number, name, country, reason, language, source, appeal_version, signed_at, counted_as, named_at, set_aside_id, seconds) VALUES
(1001, 178922, '하나', 'KR', NULL, 'ko', 'radio', 'v1', '2026-03-01T09:00:00.000000Z', 'radio', '2026-03-01T09:00:00.000000Z', NULL, 42),
(2002, 178923, 'Sam', 'CA', 'because', 'en', 's-abc', 'v2', '2026-03-01T09:00:00.000000Z', '+friends', NULL, NULL, 42),
(4004, 178924, 'Mallory', 'US', NULL, 'en', NULL, 'v2', '2026-03-01T09:00:00.000000Z', '+direct', NULL, 38899531271633, 42);

INSERT INTO subscriptions (supporter_id, language, country, subscribed_at, ended_at, ended_because) VALUES
(1001, 'ko', 'KR', '2026-03-01T09:00:00.000000Z', NULL, NULL),
(2002, 'en', 'CA', '2026-03-01T09:00:00.000000Z', '2026-03-01T09:00:00.000000Z', 'asked'),
(4004, 'en', 'US', '2026-03-01T09:00:00.000000Z', '2026-03-01T09:00:00.000000Z', 'blocked');

INSERT INTO counters (name, value) VALUES
('broadcasts', 2),
('languages:en', 1),
('languages:ko', 1),
('numbers', 178925),
('readers:v1:ko', 1),
('readers:v2:en', 1),
('set_aside', 1),
('signatures', 2),
('signatures:CA', 1),
('signatures:KR', 1),
('signatures:US', 0),
('sources:+direct', 0),
('sources:+friends', 1),
('sources:radio', 1),
('steps:began', 4),
('steps:check', 3),
('steps:country', 3),
('steps:opened', 4),
('steps:reason', 3),
('steps:signed', 3),
('steps:subscribed', 3),
('subscriptions', 1),
('subscriptions:en:CA', 0),
('subscriptions:en:US', 0),
('subscriptions:ko:KR', 1),
('versions:v1', 1),
('versions:v2', 1);

INSERT INTO sources (name, admitted_at) VALUES
('radio', '2026-03-01T00:00:00.000000Z');

INSERT INTO history (name, hour, value) VALUES
('languages:en', '2026-03-01T10:00:00.000000Z', 1),
('languages:ko', '2026-03-01T10:00:00.000000Z', 1),
('readers:v1:ko', '2026-03-01T10:00:00.000000Z', 1),
('readers:v2:en', '2026-03-01T10:00:00.000000Z', 1),
('set_aside', '2026-03-01T10:00:00.000000Z', 1),
('signatures', '2026-03-01T10:00:00.000000Z', 2),
('signatures:CA', '2026-03-01T10:00:00.000000Z', 1),
('signatures:KR', '2026-03-01T10:00:00.000000Z', 1),
('sources:+friends', '2026-03-01T10:00:00.000000Z', 1),
('sources:radio', '2026-03-01T10:00:00.000000Z', 1),
('steps:began', '2026-03-01T10:00:00.000000Z', 4),
('steps:check', '2026-03-01T10:00:00.000000Z', 3),
('steps:country', '2026-03-01T10:00:00.000000Z', 3),
('steps:opened', '2026-03-01T10:00:00.000000Z', 4),
('steps:reason', '2026-03-01T10:00:00.000000Z', 3),
('steps:signed', '2026-03-01T10:00:00.000000Z', 3),
('steps:subscribed', '2026-03-01T10:00:00.000000Z', 3),
('subscriptions', '2026-03-01T10:00:00.000000Z', 1),
('versions:v1', '2026-03-01T10:00:00.000000Z', 1),
('versions:v2', '2026-03-01T10:00:00.000000Z', 1);

INSERT INTO received (update_id, received_at) VALUES
(1001, '2026-03-01T09:00:00.000000Z'),
(2002, '2026-03-01T09:00:00.000000Z'),
(4004, '2026-03-01T09:00:00.000000Z'),
(5005, '2026-03-01T09:00:00.000000Z');

INSERT INTO keepsakes (name, value) VALUES
('history_hour', '2026-03-01T10:00:00.000000Z'),
('webhook_secret', 's3cret');

INSERT INTO organizers (id, greeted_at) VALUES
(3003, '2026-03-01T09:00:00.000000Z');

INSERT INTO broadcasts (id, kind, of_id, organizer_id, audience_language, audience_countries, reach, sound, revision, created_at, scheduled_for, late_at, started_at, gathered_to, gathered_at, paused_at, again, ended_at, ending, refusal, recalled_at, progress_message_id, reported_at, renews) VALUES
(1, 'update', NULL, 3003, NULL, '', 'readers', 'on', 3, '2026-03-01T09:00:00.000000Z', NULL, NULL, '2026-03-01T09:00:00.000000Z', NULL, '2026-03-01T09:00:00.000000Z', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
(2, 'update', NULL, 3003, NULL, '', 'readers', 'on', 2, '2026-03-01T09:00:00.000000Z', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

INSERT INTO posts (broadcast_id, language, text, media_kind, file_id, button_label, button_url) VALUES
(1, 'en', 'News', NULL, NULL, NULL, NULL),
(1, 'ko', '<b>소식</b>', NULL, NULL, NULL, NULL),
(2, 'ko', '또', NULL, NULL, NULL, NULL);

INSERT INTO deliveries (broadcast_id, supporter_id, language, state, reason, message_id) VALUES
(1, 1001, 'ko', 'sent', NULL, 11),
(1, 4004, 'en', 'gone', 'blocked', NULL);

INSERT INTO tallies (broadcast_id, language, outcome, reason, value) VALUES
(1, 'en', 'audience', '', 2),
(1, 'en', 'gone', 'blocked', 1),
(1, 'en', 'skipped', '', 1),
(1, 'ko', 'audience', '', 1),
(1, 'ko', 'sent', '', 1);

INSERT INTO forgotten_deliveries (broadcast_id, language, outcome, reason, value) VALUES
(1, 'en', 'audience', '', 1),
(1, 'en', 'skipped', '', 1);

INSERT INTO members (id, name, role, invited_by, joined_at, left_at, hidden_from) VALUES
(1001, '하나', 'organizer', 3003, '2026-03-01T09:00:00.000000Z', NULL, NULL),
(3003, '유나', NULL, NULL, '2026-03-01T09:00:00.000000Z', NULL, NULL),
(4004, 'Mallory', NULL, 1001, '2026-03-01T09:00:00.000000Z', '2026-03-01T09:00:00.000000Z', '2026-03-31T09:00:00.000000Z');

INSERT INTO agreements (name, value) VALUES
('approval_above', 3),
('revision', 3);

INSERT INTO invitations (id, hash, role, invited_by, made_at, until, used_by, closed_at) VALUES
(90078789225902, 'ae448ac86c4e8e4dec645729708ef41873ae79c6dff84eff73360989487f08e5', 'viewer', 1001, '2026-03-01T09:00:00.000000Z', '2026-03-03T09:00:00.000000Z', NULL, NULL),
(262487194876968, '2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b', 'organizer', 3003, '2026-03-01T09:00:00.000000Z', '2026-03-03T09:00:00.000000Z', 1001, '2026-03-01T09:00:00.000000Z');

INSERT INTO confirmations (code, person_id, about, until) VALUES
('LqhX5QzdrtY', 1001, 'withdraw', '2026-03-02T09:00:00.000000Z');

INSERT INTO journal (number, who, kind, deed, details, done_at, hash) VALUES
(1, 3003, 'broadcast', 'broadcast.started', '{"id":1}', '2026-03-01T13:00:00.000000Z', '07d127b41799f1a4a9bd7cb432c5a297b272c42725f24e3ad19a27449c0d4716'),
(2, 1001, 'broadcast', 'broadcast.approved', '{"asker":"유나"}', '2026-03-01T14:00:00.000000Z', 'afe8346bfaa4ff532393424f9f873da7f8d68fc91c6913cb31f311ee6427bb42'),
(3, 3003, 'team', 'team.invited', '{"inviter":"유나","role":"organizer"}', '2026-03-01T09:00:00.000000Z', '4abfef82cff6e7c4b4e3dffbe9c5523084ea6a667a43fa24cc072d9f1ea07929'),
(4, 1001, 'team', 'team.joined', '{"name":"하나","role":"organizer"}', '2026-03-01T10:00:00.000000Z', '892539c788f46c117ee2303c4e07e78626b8d9df8c6a061bc802de50bdf714ea'),
(5, 3003, 'team', 'team.threshold', '{"after":3,"before":null}', '2026-03-01T11:00:00.000000Z', 'c8283728041a3e466ea8fcec15a46928734a706d096b1dd6179e67db32537e49'),
(6, 3003, 'doubts', 'doubts.done', '{"count":1}', '2026-03-01T12:00:00.000000Z', '24863c1c4d43db6616c972de2d2c3873460b2383d2e262862ccec2818d5b999f');

INSERT INTO journal_ends (name, number, hash) VALUES
('journal', 6, '24863c1c4d43db6616c972de2d2c3873460b2383d2e262862ccec2818d5b999f');

INSERT INTO course (name, revision, ending, ended_at, statement_ko, statement_en, answer_ko, answer_en, next_milestone, reached, changed_by, changed_at, change, human_mode, human_rate, human_until, human_revision, human_by) VALUES
('course', 3, 'closed', '2026-03-01T09:00:00.000000Z', '<b>끝</b>', 'Over', NULL, 'Thank you', 200000, 150000, 3003, '2026-03-01T09:00:00.000000Z', 'milestone', 'auto', 50, NULL, 1, 1001);

INSERT INTO course_drafts (person_id, change, revision, text_ko, text_en, number) VALUES
(3003, 'victory', 3, '이겼다', NULL, NULL);

INSERT INTO appeal_versions (version, language, text, first_seen_at) VALUES
('v1', 'en', 'Hello', '2026-03-01T00:00:00.000000Z'),
('v1', 'ko', '안녕', '2026-03-01T00:00:00.000000Z'),
('v2', 'en', 'Hello all', '2026-03-01T09:00:00.000000Z'),
('v2', 'ko', '안녕하세요', '2026-03-01T09:00:00.000000Z');

INSERT INTO sent_alone (broadcast_id, sent_at, sent_by, people) VALUES
(1, '2026-03-01T09:00:00.000000Z', 3003, 3);

INSERT INTO approvals (broadcast_id, revision, asked_by, asked_at, starts, approved_by, approved_at) VALUES
(2, 2, 3003, '2026-03-01T09:00:00.000000Z', 1, 1001, '2026-03-01T09:00:00.000000Z');

INSERT INTO set_asides (id, made_by, conditions, last_number, reason, made_at, state, found, done, looked_to, total_before) VALUES
(38899531271633, 3003, '{"name":"a5b31c1b7e20dd9d41461ad81466e460"}', 178925, 'not a person', '2026-03-01T09:00:00.000000Z', 'done', 1, 1, 178925, 4);

INSERT INTO signals (id, kind, subject, conditions, value, usual, found_at) VALUES
(253690113883272, 'source', 'radio', '{"since":"2026-03-01T08:50:00+00:00","before":"2026-03-01T09:00:00+00:00","source":"radio"}', 30, 0, '2026-03-01T09:00:00.000000Z');

INSERT INTO watch (name, value) VALUES
('frontier', 7),
('looked_at', 1772355600),
('number', 178925),
('usual:source:radio', 556);

INSERT INTO errands (id, kind, details, progress, for_id, tries, added_at, due_at) VALUES
(732598930006335053, 'tell', '{"notice":"milestone","needs":"organizer","but":null,"milestone":150000}', '{}', NULL, 0, '2026-03-01T09:00:00.000000Z', '2026-03-01T09:00:00.000000Z'),
(3445357725510261917, 'about_me', '{}', '{}', 1001, 0, '2026-03-01T09:00:00.000000Z', '2026-03-01T09:00:00.000000Z'),
(3911060069576053539, 'export', '{"what":"log"}', '{"done":3}', 3003, 1, '2026-03-01T09:00:00.000000Z', '2026-03-01T10:00:00.000000Z'),
(3997204292179682773, 'tell', '{"notice":"signal","needs":"organizer","but":null,"id":253690113883272,"kind":"source","conditions":"{\"since\":\"2026-03-01T08:50:00+00:00\",\"before\":\"2026-03-01T09:00:00+00:00\",\"source\":\"radio\"}","value":30,"usual":0,"found_at":"2026-03-01T09:00:00.000000Z"}', '{}', NULL, 0, '2026-03-01T09:00:00.000000Z', '2026-03-01T09:00:00.000000Z');
