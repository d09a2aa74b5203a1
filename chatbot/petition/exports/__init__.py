"""What an export or a chart contains, and the days it covers."""
