-- What somebody asked for and waits for another person's word (待批准).

CREATE TABLE view_approvals (
    event    uuid   PRIMARY KEY,
    matter   uuid   NOT NULL,
    decision text   NOT NULL,
    area     text   NOT NULL,
    project  uuid,
    cause    text,
    asked_by text   NOT NULL,
    asked_on date   NOT NULL
);
CREATE INDEX view_approvals_by_area ON view_approvals (area, event);
CREATE INDEX view_approvals_by_matter ON view_approvals (matter);

GRANT SELECT, INSERT, UPDATE, DELETE ON view_approvals TO {service}_writer;
