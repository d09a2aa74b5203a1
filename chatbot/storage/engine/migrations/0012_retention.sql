-- Whoever only looked around is forgotten after a while: the bits are `signed` and `subscribed`, see petition/way.py.
CREATE INDEX lookers_by_age ON supporters (last_seen_at) WHERE (reached & 192) = 0;
