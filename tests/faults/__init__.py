"""Faults: what is killed, cut or lost comes back whole."""
