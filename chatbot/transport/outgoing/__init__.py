"""Outgoing calls to Telegram: the client, retries, rendering and the three senders."""
