"""Broadcasts, their audience and deliveries."""
