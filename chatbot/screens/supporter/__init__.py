"""Screens of supporters and subscribers."""
