-- An older copy of a copy of a copy refers to the first, as 0034 meant it. PostgreSQL reads what there was before a statement,
-- so 0034 went two steps up there. Each of these doubles the steps: 4, 8, 16, 32.
UPDATE broadcasts SET copied_from = (
    SELECT first.copied_from FROM broadcasts AS first WHERE first.id = broadcasts.copied_from)
WHERE copied_from IN (SELECT id FROM broadcasts WHERE copied_from IS NOT NULL);

UPDATE broadcasts SET copied_from = (
    SELECT first.copied_from FROM broadcasts AS first WHERE first.id = broadcasts.copied_from)
WHERE copied_from IN (SELECT id FROM broadcasts WHERE copied_from IS NOT NULL);

UPDATE broadcasts SET copied_from = (
    SELECT first.copied_from FROM broadcasts AS first WHERE first.id = broadcasts.copied_from)
WHERE copied_from IN (SELECT id FROM broadcasts WHERE copied_from IS NOT NULL);

UPDATE broadcasts SET copied_from = (
    SELECT first.copied_from FROM broadcasts AS first WHERE first.id = broadcasts.copied_from)
WHERE copied_from IN (SELECT id FROM broadcasts WHERE copied_from IS NOT NULL);
