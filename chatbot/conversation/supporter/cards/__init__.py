"""Cards for chats without the bot: who is about to share, and what they are offered."""
