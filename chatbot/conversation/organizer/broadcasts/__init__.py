"""Writing, scheduling, sending and correcting broadcasts."""
