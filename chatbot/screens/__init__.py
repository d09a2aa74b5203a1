"""What the bot says: pure functions from facts to a Screen. The only Python with human language in it."""
