"""The floor every service stands on: store, cursors, relay, bus, auth, clock, HTTP manners."""
