"""What agencies and auditors may rely on: events, subjects, schemas, packs, calendars."""
