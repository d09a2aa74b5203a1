-- The version of the appeal stays when languages are added or removed: each language is compared with what was signed.

-- The words of title, addressee and appeal, equal for every layout; null in rows from before, until the next start.
ALTER TABLE appeal_versions ADD COLUMN signed_words TEXT;
