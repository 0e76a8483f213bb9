"""What supervision decides, in pure functions."""
