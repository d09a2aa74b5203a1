"""Screens for writing, sending and reporting broadcasts."""
