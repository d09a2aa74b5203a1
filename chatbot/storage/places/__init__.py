"""Linked channels and groups, and what Telegram says about them."""
