-- More read models of matters: notices to the unit, transfers, owners, what was heard of requests.

ALTER TABLE view_matters ALTER COLUMN site DROP NOT NULL;
ALTER TABLE view_tasks
    ADD COLUMN points integer NOT NULL DEFAULT 1,
    ADD COLUMN shadow boolean NOT NULL DEFAULT false;
ALTER TABLE view_agents
    ADD COLUMN since           date,
    ADD COLUMN acknowledged_on date,
    ADD COLUMN promised_at     timestamptz;

-- What the unit is told of who serves it (告知单): from whom to whom, when, and why.
CREATE TABLE view_notices (
    position  bigint  NOT NULL PRIMARY KEY,
    matter    uuid    NOT NULL,
    area      text    NOT NULL,
    kind      text    NOT NULL,
    replaced  text,
    person    text,
    body      text,
    items     text[]  NOT NULL DEFAULT '{}',
    cause     text,
    told      boolean NOT NULL DEFAULT true,
    consented boolean,
    told_on   date    NOT NULL
);
CREATE INDEX view_notices_of ON view_notices (matter, position);

CREATE TABLE view_transfers (
    matter        uuid NOT NULL,
    item          text NOT NULL,
    area          text NOT NULL,
    to_body       text NOT NULL,
    sent_on       date NOT NULL,
    confirm_by_on date,
    confirmed_on  date,
    person        text,
    follow_until  text,
    PRIMARY KEY (matter, item)
);
CREATE INDEX view_transfers_in ON view_transfers (area, sent_on);

CREATE TABLE view_owners (
    matter uuid NOT NULL,
    item   text NOT NULL,
    area   text NOT NULL,
    body   text NOT NULL,
    person text NOT NULL,
    post   text,
    PRIMARY KEY (matter, item)
);

CREATE TABLE view_told (
    matter          uuid   NOT NULL PRIMARY KEY,
    area            text   NOT NULL,
    bodies          text[] NOT NULL,
    told_on         date   NOT NULL,
    delay_minutes   bigint,
    confirmed_by    text,
    confirmed_after bigint
);

-- What intake said of requests: kept when it is heard, before the hearing moves on.
CREATE TABLE heard_requests (
    matter      uuid        NOT NULL PRIMARY KEY,
    project     uuid,
    people      text[]      NOT NULL,
    received_at timestamptz NOT NULL
);
CREATE INDEX heard_requests_of ON heard_requests (project);

GRANT SELECT, INSERT, UPDATE, DELETE ON view_notices, view_transfers, view_owners, view_told,
    heard_requests TO {service}_writer;
GRANT SELECT ON view_notices, view_transfers, view_owners, view_told TO {service}_reader;
