"""Screens: pure functions from facts to a `Screen`. All text that people read is here."""
