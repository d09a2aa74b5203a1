"""Backup, integrity check and transfer between databases."""
