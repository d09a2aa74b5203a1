"""What organizers do with linked channels and groups."""
