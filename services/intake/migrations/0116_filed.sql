-- Matters whose file archive closed: kept when it is heard, before the hearing moves on. What is
-- not among them is still to be worked on.
CREATE TABLE heard_filed (
    matter   uuid PRIMARY KEY,
    heard_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

GRANT SELECT, INSERT, UPDATE, DELETE ON heard_filed TO {service}_writer;
GRANT SELECT ON heard_filed TO {service}_reader;
