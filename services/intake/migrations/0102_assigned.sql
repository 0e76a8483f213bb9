-- Who serves a matter, as assignment said: kept when it is heard, before the hearing moves on.
-- An empty item stands for the matter as a whole.
CREATE TABLE heard_assigned (
    matter uuid NOT NULL,
    item   text NOT NULL,
    person text NOT NULL,
    PRIMARY KEY (matter, item, person)
);
CREATE INDEX heard_assigned_to ON heard_assigned (person, matter);

GRANT SELECT, INSERT, UPDATE, DELETE ON heard_assigned TO {service}_writer;
GRANT SELECT ON heard_assigned TO {service}_reader;
