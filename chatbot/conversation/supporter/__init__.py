"""The supporters' half of the conversation: reading, signing, subscribing and their own data."""
