"""Somebody cheats, and a line of defence catches it: played, not argued (make attack)."""
