"""Words of dates and times, by language."""
