"""The domain: petition, campaign, team. Reads the campaign's files; contains no SQL and no Telegram calls."""
