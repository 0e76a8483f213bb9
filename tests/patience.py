"""How long does a test wait for what must come, before it says that it did not come."""

PATIENCE = 60.0
"""For one answer, one reaction, one process's end: a loaded machine is slow, not wrong.

Who waits polls, so that a green test never waits it out.
"""
START = 180.0
"""For a box or a service to be up: it imports, provisions and migrates on cores shared by all."""
