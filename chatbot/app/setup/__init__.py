"""The guided set-up, and the link that makes the first owner."""
