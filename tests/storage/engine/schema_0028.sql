-- Broadcasts under way, as the code of schema 0028 stored them: 1 has ended and 3 corrects it, 2 is paused, 4 was
-- interrupted with two deliveries in flight, 5 is scheduled, and 6 is a draft. Do not change this file.

INSERT INTO supporters (id, language, language_chosen_at, source, step, draft, share_code, blocked_at, last_update_id, first_seen_at, last_seen_at, funnel_steps, human_at) VALUES
(1, 'ko', NULL, NULL, 'idle', '{}', NULL, NULL, NULL, '2026-11-24T03:00:00.000000Z', '2026-11-24T03:00:00.000000Z', 0, NULL),
(2, 'ko', NULL, NULL, 'idle', '{}', NULL, NULL, NULL, '2026-11-24T03:00:00.000000Z', '2026-11-24T03:00:00.000000Z', 0, NULL),
(3, 'ko', NULL, NULL, 'idle', '{}', NULL, NULL, NULL, '2026-11-24T03:00:00.000000Z', '2026-11-24T03:00:00.000000Z', 0, NULL),
(4, 'ko', NULL, NULL, 'idle', '{}', NULL, NULL, NULL, '2026-11-24T03:00:00.000000Z', '2026-11-24T03:00:00.000000Z', 0, NULL),
(5, 'ko', NULL, NULL, 'idle', '{}', NULL, NULL, NULL, '2026-11-24T03:00:00.000000Z', '2026-11-24T03:00:00.000000Z', 0, NULL),
(6, 'ko', NULL, NULL, 'idle', '{}', NULL, NULL, NULL, '2026-11-24T03:00:00.000000Z', '2026-11-24T03:00:00.000000Z', 0, NULL),
(7, 'en', NULL, NULL, 'idle', '{}', NULL, NULL, NULL, '2026-11-24T03:00:00.000000Z', '2026-11-24T03:00:00.000000Z', 0, NULL),
(8, 'en', NULL, NULL, 'idle', '{}', NULL, NULL, NULL, '2026-11-24T03:00:00.000000Z', '2026-11-24T03:00:00.000000Z', 0, NULL);

INSERT INTO subscriptions (supporter_id, language, country, subscribed_at, ended_at, ended_because) VALUES
(1, 'ko', NULL, '2026-11-24T03:00:00.000000Z', NULL, NULL),
(2, 'ko', NULL, '2026-11-24T03:00:00.000000Z', NULL, NULL),
(3, 'ko', NULL, '2026-11-24T03:00:00.000000Z', NULL, NULL),
(4, 'ko', NULL, '2026-11-24T03:00:00.000000Z', NULL, NULL),
(5, 'ko', NULL, '2026-11-24T03:00:00.000000Z', NULL, NULL),
(6, 'ko', NULL, '2026-11-24T03:00:00.000000Z', NULL, NULL),
(7, 'en', NULL, '2026-11-24T03:00:00.000000Z', NULL, NULL),
(8, 'en', NULL, '2026-11-24T03:00:00.000000Z', NULL, NULL);

INSERT INTO counters (name, value) VALUES
('subscriptions', 8),
('subscriptions:ko:', 6),
('subscriptions:en:', 2),
('broadcasts', 6);

INSERT INTO broadcasts (id, kind, of_id, organizer_id, audience_language, audience_countries, reach, sound, revision, created_at, scheduled_for, late_at, started_at, gathered_to, gathered_at, paused_at, again, ended_at, ending, refusal, recalled_at, progress_message_id, reported_at, renews, urgent_at, last_hour, had_already, ready_buttons, picture_alone, tested_at) VALUES
(1, 'update', NULL, 3003, NULL, '', 'readers', 'on', 3, '2026-11-24T03:00:00.000000Z', NULL, NULL, '2026-11-24T03:00:00.000000Z', NULL, '2026-11-24T03:00:00.000000Z', NULL, NULL, '2026-11-24T03:00:00.000000Z', 'done', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', 0, NULL),
(2, 'update', NULL, 3003, NULL, '', 'readers', 'on', 3, '2026-11-24T03:00:02.000000Z', NULL, NULL, '2026-11-24T03:00:02.000000Z', NULL, '2026-11-24T03:00:02.000000Z', '2026-11-24T03:00:03.000000Z', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', 0, NULL),
(3, 'correction', 1, 3003, NULL, '', 'readers', 'on', 2, '2026-11-24T03:00:03.000000Z', NULL, NULL, '2026-11-24T03:00:03.000000Z', NULL, '2026-11-24T03:00:03.000000Z', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', 0, NULL),
(4, 'update', NULL, 3003, NULL, '', 'readers', 'on', 3, '2026-11-24T03:00:04.000000Z', NULL, NULL, '2026-11-24T03:00:04.000000Z', NULL, '2026-11-24T03:00:04.000000Z', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', 0, NULL),
(5, 'update', NULL, 3003, NULL, '', 'readers', 'on', 4, '2026-11-24T03:00:05.000000Z', '2026-11-24T04:00:05.000000Z', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', 0, NULL),
(6, 'update', NULL, 3003, NULL, '', 'readers', 'on', 2, '2026-11-24T03:00:05.000000Z', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', 0, NULL);

INSERT INTO posts (broadcast_id, language, text, media_kind, file_id, button_label, button_url, written_by, message_id, sent_at) VALUES
(1, 'ko', '고친 소식', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
(1, 'en', 'Old news', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
(2, 'ko', '멈춘 소식', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
(2, 'en', 'Paused', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
(3, 'en', 'Old news', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
(3, 'ko', '고친 소식', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
(4, 'ko', '나가는 소식', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
(4, 'en', 'On its way', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
(5, 'ko', '예약한 소식', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
(5, 'en', 'Scheduled', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
(6, 'ko', '초안', NULL, NULL, NULL, NULL, NULL, NULL, NULL);

INSERT INTO deliveries (broadcast_id, supporter_id, language, state, reason, message_id, due_at) VALUES
(1, 7, 'en', 'sent', NULL, 107, ''),
(1, 8, 'en', 'sent', NULL, 108, ''),
(1, 1, 'ko', 'sent', NULL, 101, ''),
(1, 2, 'ko', 'sent', NULL, 102, ''),
(1, 3, 'ko', 'sent', NULL, 103, ''),
(1, 4, 'ko', 'sent', NULL, 104, ''),
(1, 5, 'ko', 'sent', NULL, 105, ''),
(1, 6, 'ko', 'sent', NULL, 106, ''),
(2, 7, 'en', 'waiting', NULL, NULL, ''),
(2, 8, 'en', 'waiting', NULL, NULL, ''),
(2, 1, 'ko', 'sent', NULL, 201, ''),
(2, 2, 'ko', 'sent', NULL, 202, ''),
(2, 3, 'ko', 'sent', NULL, 203, ''),
(2, 4, 'ko', 'waiting', NULL, NULL, ''),
(2, 5, 'ko', 'waiting', NULL, NULL, ''),
(2, 6, 'ko', 'waiting', NULL, NULL, ''),
(3, 1, 'ko', 'sent', NULL, 101, ''),
(3, 2, 'ko', 'sent', NULL, 102, ''),
(3, 3, 'ko', 'waiting', NULL, 103, ''),
(3, 4, 'ko', 'waiting', NULL, 104, ''),
(3, 5, 'ko', 'waiting', NULL, 105, ''),
(3, 6, 'ko', 'waiting', NULL, 106, ''),
(3, 7, 'en', 'waiting', NULL, 107, ''),
(3, 8, 'en', 'waiting', NULL, 108, ''),
(4, 7, 'en', 'waiting', NULL, NULL, ''),
(4, 8, 'en', 'waiting', NULL, NULL, ''),
(4, 1, 'ko', 'sent', NULL, 401, ''),
(4, 2, 'ko', 'sent', NULL, 402, ''),
(4, 3, 'ko', 'sent', NULL, 403, ''),
(4, 4, 'ko', 'sending', NULL, NULL, ''),
(4, 5, 'ko', 'sending', NULL, NULL, ''),
(4, 6, 'ko', 'waiting', NULL, NULL, '');

INSERT INTO delivery_counts (broadcast_id, language, outcome, reason, value) VALUES
(1, 'en', 'audience', '', 2),
(1, 'ko', 'audience', '', 6),
(1, 'en', 'sent', '', 2),
(1, 'ko', 'sent', '', 6),
(2, 'en', 'audience', '', 2),
(2, 'ko', 'audience', '', 6),
(2, 'ko', 'sent', '', 3),
(3, 'en', 'audience', '', 2),
(3, 'ko', 'audience', '', 6),
(3, 'ko', 'sent', '', 2),
(4, 'en', 'audience', '', 2),
(4, 'ko', 'audience', '', 6),
(4, 'ko', 'sent', '', 3);

INSERT INTO steerings (broadcast_id, member_id, act, acted_at) VALUES
(1, 3003, 'started', '2026-11-24T03:00:00.000000Z'),
(2, 3003, 'started', '2026-11-24T03:00:02.000000Z'),
(3, 3003, 'started', '2026-11-24T03:00:03.000000Z'),
(4, 3003, 'started', '2026-11-24T03:00:04.000000Z');
