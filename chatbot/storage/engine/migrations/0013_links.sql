-- A link goes with its last signature, set aside or not, and is found by those whom it brought.
CREATE INDEX signatures_by_link ON signatures (source, counted_as) WHERE substr(source, 1, 2) <> 's-';

DELETE FROM sources WHERE name NOT IN (SELECT counted_as FROM signatures);

DELETE FROM counters WHERE name LIKE 'sources:%' AND substr(name, 9, 1) <> '+'
AND substr(name, 9) NOT IN (SELECT name FROM sources);

DELETE FROM history WHERE name LIKE 'sources:%' AND substr(name, 9, 1) <> '+'
AND substr(name, 9) NOT IN (SELECT name FROM sources);

DELETE FROM watch WHERE name LIKE 'usual:source:%' AND substr(name, 14, 1) <> '+'
AND substr(name, 14) NOT IN (SELECT name FROM sources);

-- To the day: with the microsecond it named one signature.
UPDATE sources SET admitted_at = substr(admitted_at, 1, 10) || 'T00:00:00.000000Z';
