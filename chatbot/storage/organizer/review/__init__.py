"""The review of signatures: signals, and set-asides."""
