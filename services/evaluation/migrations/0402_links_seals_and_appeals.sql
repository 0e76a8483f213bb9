-- Links that end, ratings taken down by the office, devices seen, complaints with a day and an
-- order of the line, appeals against appraisals.

ALTER TABLE view_invitations
    ADD COLUMN expires_at timestamptz,
    ADD COLUMN items      integer;

ALTER TABLE view_ratings
    ADD COLUMN entry      text,
    ADD COLUMN entered_by text,
    ADD COLUMN device     uuid,
    ADD COLUMN flagged    text[] NOT NULL DEFAULT '{}';
CREATE INDEX view_ratings_from ON view_ratings (device, rated_on) WHERE device IS NOT NULL;
CREATE INDEX view_ratings_on ON view_ratings (matter, instrument);
CREATE INDEX view_ratings_for ON view_ratings (area, agent, position);

ALTER TABLE view_complaints
    ADD COLUMN due_on   date,
    ADD COLUMN order_no text,
    ADD COLUMN concerns uuid;

CREATE INDEX view_visits_of ON view_visits (area, made_on);
CREATE INDEX view_visits_on ON view_visits (matter);
CREATE INDEX view_bad_ratings_of ON view_bad_ratings (area, opened_on);
CREATE INDEX view_complaints_of ON view_complaints (area, received_on);
CREATE INDEX view_invitations_in ON view_invitations (area, first_on);

CREATE TABLE view_appeals (
    appeal      uuid   NOT NULL PRIMARY KEY,
    appraisal   uuid   NOT NULL,
    area        text   NOT NULL,
    agent       text,
    body        text   NOT NULL,
    disputed    text[] NOT NULL,
    appealed_on date   NOT NULL,
    due_on      date   NOT NULL,
    verdict     text,
    excluded    uuid[] NOT NULL DEFAULT '{}',
    decided_on  date,
    position    bigint NOT NULL,
    decided_at  bigint
);

-- Orders of the 12345 line about our own staff: kept when they are heard, until they are closed.
CREATE TABLE heard_orders (
    stream      uuid NOT NULL PRIMARY KEY,
    area        text NOT NULL,
    order_no    text NOT NULL,
    answered_on date
);

GRANT SELECT, INSERT, UPDATE, DELETE ON view_appeals, heard_orders TO {service}_writer;
GRANT SELECT ON view_appeals TO {service}_reader;
