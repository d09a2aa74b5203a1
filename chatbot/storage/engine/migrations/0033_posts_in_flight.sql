-- What is in flight to places is looked for all the time, and is one row at most.
CREATE INDEX place_deliveries_in_flight ON place_deliveries (broadcast_id) WHERE state = 'sending';
