"""What a broadcast is: posts, audience, times and outcomes."""
