"""What happens in a turn: what was heard, what changes, what is answered."""
