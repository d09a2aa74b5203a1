-- 0007 was edited after versions that were never released had applied it: they counted nobody here.
DELETE FROM counters WHERE name LIKE 'readers:%';

INSERT INTO counters (name, value)
SELECT 'readers:' || appeal_version || ':' || language, count(*) FROM signatures WHERE set_aside_id IS NULL
GROUP BY appeal_version, language;
