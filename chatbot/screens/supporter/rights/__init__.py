"""Screens of what supporters may ask for: the data kept, withdrawing, erasing."""
