"""Times between points, many at once."""
