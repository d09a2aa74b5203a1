-- What an installation made up once and all its processes share: the webhook's secret.
CREATE TABLE keepsakes (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
