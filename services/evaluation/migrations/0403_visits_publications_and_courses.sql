-- Ratings of single visits, what was given to an assessment, and what was heard of the course of
-- matters: trips, papers asked for, days, decisions.

CREATE TABLE view_visit_invitations (
    stream     uuid   NOT NULL PRIMARY KEY,
    invitation uuid   NOT NULL,
    visit      uuid   NOT NULL,
    concerns   uuid,
    area       text   NOT NULL,
    pack       text,
    agent      text   NOT NULL,
    agent_body text   NOT NULL,
    asked_by   text   NOT NULL,
    day        date   NOT NULL,
    expires_at timestamptz,
    position   bigint NOT NULL
);
CREATE UNIQUE INDEX view_visit_invitations_by_token ON view_visit_invitations (invitation);
CREATE INDEX view_visit_invitations_of ON view_visit_invitations (concerns);
CREATE INDEX view_visit_invitations_in ON view_visit_invitations (area, position);

CREATE TABLE view_publications (
    publication  uuid   NOT NULL PRIMARY KEY,
    area         text   NOT NULL,
    quarter      text   NOT NULL,
    assessment   integer NOT NULL,
    form         text   NOT NULL,
    rows         text   NOT NULL,
    cut          text   NOT NULL,
    published_on date   NOT NULL,
    position     bigint NOT NULL
);
CREATE INDEX view_publications_of ON view_publications (area, quarter);

-- What intake and supervision said of the course of a matter, by their own positions: kept when it
-- is heard, so that it can be counted again up to any of them.
CREATE TABLE heard_course (
    store    text    NOT NULL,
    position bigint  NOT NULL,
    kind     text    NOT NULL,
    matter   uuid    NOT NULL,
    area     text    NOT NULL,
    item     text,
    body     text,
    amount   integer NOT NULL,
    day      date    NOT NULL,
    due_on   date,
    PRIMARY KEY (store, position, kind)
);
CREATE INDEX heard_course_of ON heard_course (matter, kind, item);
CREATE INDEX heard_course_in ON heard_course (area, kind, day);

GRANT SELECT, INSERT, UPDATE, DELETE ON view_visit_invitations, view_publications, heard_course
    TO {service}_writer;
GRANT SELECT ON view_visit_invitations, view_publications TO {service}_reader;
