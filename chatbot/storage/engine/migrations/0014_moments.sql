-- The signatures of some days, whatever the clock did meanwhile: moments do not rise with the numbers.
CREATE INDEX signatures_by_moment ON signatures (signed_at, number);
