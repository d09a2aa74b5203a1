"""Health of a process: the heartbeat in the database, and what systemd is told."""
