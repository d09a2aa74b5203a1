-- The counter a signature's source falls under: one of the named sources below, +friends (a shared link), +direct (none)
-- or +other. What stands in a deep link is anybody's text, and a plus cannot.
ALTER TABLE signatures ADD COLUMN counted_as TEXT NOT NULL DEFAULT '+direct';

-- The sources with a counter of their own, so many and no more.
CREATE TABLE sources (
    name TEXT NOT NULL PRIMARY KEY,
    admitted_at TEXT NOT NULL
);

INSERT INTO sources (name, admitted_at)
SELECT source, min(signed_at) FROM signatures WHERE source IS NOT NULL AND substr(source, 1, 2) <> 's-'
GROUP BY source ORDER BY count(*) DESC, source LIMIT 200;

UPDATE signatures SET counted_as = CASE
    WHEN substr(source, 1, 2) = 's-' THEN '+friends'
    WHEN source IN (SELECT name FROM sources) THEN source
    ELSE '+other' END
WHERE source IS NOT NULL;

INSERT INTO counters (name, value) SELECT 'languages:' || language, count(*) FROM signatures GROUP BY language;

INSERT INTO counters (name, value) SELECT 'sources:' || counted_as, count(*) FROM signatures GROUP BY counted_as;

INSERT INTO counters (name, value) SELECT 'versions:' || appeal_version, count(*) FROM signatures
GROUP BY appeal_version;

-- The last number given to a signature. It never falls, as the counts do when a signature is taken back.
INSERT INTO counters (name, value) SELECT 'numbers', number FROM signatures ORDER BY number DESC LIMIT 1;

-- How far somebody came on the way to a signature and beyond: a bit for each step, see chatbot/petition/way.py.
ALTER TABLE supporters ADD COLUMN reached BIGINT NOT NULL DEFAULT 0;

UPDATE supporters SET reached = CASE step
    WHEN 'name' THEN 5 WHEN 'country' THEN 13 WHEN 'reason' THEN 29 WHEN 'check' THEN 61 ELSE 1 END;

UPDATE supporters SET reached = 125 WHERE id IN (SELECT supporter_id FROM signatures);

UPDATE supporters SET reached = reached + 128 WHERE id IN (SELECT supporter_id FROM subscriptions);

INSERT INTO counters (name, value)
SELECT 'steps:' || way.name, count(*) FROM supporters JOIN (
    SELECT 'opened' AS name, 1 AS mask UNION ALL SELECT 'began', 4 UNION ALL SELECT 'country', 8
    UNION ALL SELECT 'reason', 16 UNION ALL SELECT 'check', 32 UNION ALL SELECT 'signed', 64
    UNION ALL SELECT 'subscribed', 128) AS way ON (supporters.reached & way.mask) > 0
GROUP BY way.name;

-- Where a counter stood at the end of an hour; the hour is named by its beginning. Only what changed is written.
CREATE TABLE history (
    name TEXT NOT NULL,
    hour TEXT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (name, hour)
);

INSERT INTO history (name, hour, value)
SELECT 'signatures', hour, sum(signed) OVER (ORDER BY hour) FROM (
    SELECT substr(signed_at, 1, 13) || ':00:00.000000Z' AS hour, count(*) AS signed FROM signatures
    GROUP BY substr(signed_at, 1, 13)) AS hours;

INSERT INTO history (name, hour, value)
SELECT 'signatures:' || country, hour, sum(signed) OVER (PARTITION BY country ORDER BY hour) FROM (
    SELECT country, substr(signed_at, 1, 13) || ':00:00.000000Z' AS hour, count(*) AS signed FROM signatures
    GROUP BY country, substr(signed_at, 1, 13)) AS hours;
