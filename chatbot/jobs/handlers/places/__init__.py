"""Jobs about linked channels and groups."""
