"""Screens about linked channels and groups."""
