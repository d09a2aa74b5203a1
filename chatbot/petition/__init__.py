"""The heart: what a petition is. Nothing here reads files but `campaign`, and nothing knows SQL or Telegram."""
