"""The people, chats and messages of the pretend Telegram, and its faults."""
