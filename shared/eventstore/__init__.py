"""The record: append-only streams on PostgreSQL with one dense order, exact bytes and a chain."""
