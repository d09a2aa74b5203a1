"""Screens of members and invitations."""
