-- Several drafts of several organizers, and what each of them is told about the others.

ALTER TABLE broadcasts ADD COLUMN last_hour TEXT;  -- for which it was scheduled before it became a draft again
ALTER TABLE members ADD COLUMN notices TEXT NOT NULL DEFAULT 'all' CHECK (notices IN ('all', 'own'));
