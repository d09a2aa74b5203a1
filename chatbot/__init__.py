"""A Telegram bot for one petition: people read it, sign it and subscribe to news."""

__version__ = "0.1.0"
