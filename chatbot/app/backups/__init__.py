"""Backups that the bot makes, and the command `restore`, which brings one back."""
