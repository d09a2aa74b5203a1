"""Sealed names: the keys and the envelope."""
