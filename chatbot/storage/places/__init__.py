"""Other chats that show the petition: cards that people posted there, and linked channels and groups."""
