-- Read models of intake: each follows the log, holds no personal data, and may be dropped and
-- built again.

CREATE TABLE view_projects (
    id            uuid PRIMARY KEY,
    area          text NOT NULL,
    code          text,
    works         text,
    applicant     text,
    registered_on date NOT NULL
);
CREATE INDEX view_projects_by_code ON view_projects (code);

CREATE TABLE view_matters (
    id             uuid   PRIMARY KEY,
    number         text   NOT NULL,
    area           text   NOT NULL,
    project        uuid   NOT NULL,
    pack           text   NOT NULL,
    people         text[] NOT NULL,
    state          text   NOT NULL,
    mode           text,
    wanted         text,
    eligibility    text,
    channel        text,
    body           text,
    requested_on   date   NOT NULL,
    accepted_on    date,
    items          text[] NOT NULL DEFAULT '{}',
    complete_items text[] NOT NULL DEFAULT '{}'
);
CREATE INDEX view_matters_by_project ON view_matters (project);
CREATE INDEX view_matters_by_area ON view_matters (area, id);

CREATE TABLE view_commissions (
    commission uuid PRIMARY KEY,
    matter     uuid NOT NULL,
    area       text NOT NULL,
    agent      text NOT NULL,
    begins_on  date NOT NULL,
    ends_on    date NOT NULL,
    ended      text
);
CREATE INDEX view_commissions_open ON view_commissions (ends_on) WHERE ended IS NULL;

CREATE TABLE view_publicity (
    event   uuid PRIMARY KEY,
    area    text NOT NULL,
    kind    text NOT NULL,
    body    text,
    medium  text NOT NULL,
    edition text,
    said_on date NOT NULL
);

CREATE TABLE view_awareness (
    area   text    NOT NULL,
    medium text    NOT NULL,
    times  integer NOT NULL,
    PRIMARY KEY (area, medium)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON view_projects TO {service}_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON view_matters TO {service}_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON view_commissions TO {service}_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON view_publicity TO {service}_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON view_awareness TO {service}_writer;
