"""The demonstration (演示): one project lived from request to archived file, by its people."""
