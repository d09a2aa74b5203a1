"""Signatures that look unusual: detection, filters and set-asides."""
