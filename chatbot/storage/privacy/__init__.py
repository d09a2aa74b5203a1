"""Erasure, personal data, retention and sealing."""
