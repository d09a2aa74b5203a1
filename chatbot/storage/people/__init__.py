"""Supporters, signatures, subscriptions and their counters."""
