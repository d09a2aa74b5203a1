"""A Telegram bot that carries one petition: read, sign, and hear how it goes on."""

__version__ = "0.1.0"
