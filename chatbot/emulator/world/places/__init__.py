"""Groups and channels: making them, posting, speaking in them, and the discussion group of a channel."""
