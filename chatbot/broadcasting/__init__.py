"""Broadcasts to subscribers, and the pace of all outgoing messages."""
