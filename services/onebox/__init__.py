"""One box (一体机): every service on an embedded PostgreSQL and NATS, on one machine."""
