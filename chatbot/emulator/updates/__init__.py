"""Delivery of updates to the bot by long polling or webhook."""
