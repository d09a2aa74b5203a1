"""The heart: what a petition is. It reads the campaign's files and its own tables, and knows no SQL and no Telegram."""
