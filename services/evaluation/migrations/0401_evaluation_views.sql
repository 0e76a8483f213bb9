-- Read models of evaluation: droppable, rebuilt from the log by replaying it. `position` lets an
-- appraisal be counted again up to the same place.

CREATE TABLE view_invitations (
    matter     uuid    NOT NULL,
    instrument text    NOT NULL,
    invitation uuid    NOT NULL,
    area       text    NOT NULL,
    pack       text,
    project    uuid,
    agent      text    NOT NULL,
    agent_body text    NOT NULL,
    asked_by   text    NOT NULL,
    sending    integer NOT NULL,
    first_on   date    NOT NULL,
    last_on    date    NOT NULL,
    position   bigint  NOT NULL,
    PRIMARY KEY (matter, instrument)
);
CREATE UNIQUE INDEX view_invitations_by_token ON view_invitations (invitation);
CREATE INDEX view_invitations_of ON view_invitations (area, agent);

CREATE TABLE view_ratings (
    evaluation uuid   NOT NULL PRIMARY KEY,
    matter     uuid   NOT NULL,
    area       text   NOT NULL,
    instrument text   NOT NULL,
    agent      text   NOT NULL,
    agent_body text,
    level      text   NOT NULL,
    scores     text   NOT NULL,
    rated_on   date   NOT NULL,
    position   bigint NOT NULL
);
CREATE INDEX view_ratings_of ON view_ratings (area, rated_on);

CREATE TABLE view_visits (
    return_visit uuid    NOT NULL PRIMARY KEY,
    matter       uuid    NOT NULL,
    area         text    NOT NULL,
    body         text    NOT NULL,
    agent        text    NOT NULL,
    agent_body   text    NOT NULL,
    means        text    NOT NULL,
    reached      boolean NOT NULL,
    made_on      date    NOT NULL,
    position     bigint  NOT NULL
);

CREATE TABLE view_bad_ratings (
    bad_rating   uuid   NOT NULL PRIMARY KEY,
    matter       uuid   NOT NULL,
    area         text   NOT NULL,
    agent        text   NOT NULL,
    agent_body   text,
    owner        text   NOT NULL,
    opened_on    date   NOT NULL,
    due_on       date   NOT NULL,
    verdict      text,
    rectified_on date,
    position     bigint NOT NULL,
    rectified_at bigint
);

CREATE TABLE view_complaints (
    complaint   uuid   NOT NULL PRIMARY KEY,
    matter      uuid,
    area        text   NOT NULL,
    kind        text   NOT NULL,
    against     text,
    body        text,
    to_body     text   NOT NULL,
    received_on date   NOT NULL,
    verdict     text,
    answered_on date,
    position    bigint NOT NULL,
    answered_at bigint
);

CREATE TABLE view_appraisals (
    appraisal   uuid    NOT NULL PRIMARY KEY,
    area        text    NOT NULL,
    quarter     text    NOT NULL,
    about_whom  text    NOT NULL,
    agent       text,
    body        text    NOT NULL,
    measures    text    NOT NULL,
    unrated     bigint  NOT NULL,
    cut         text    NOT NULL,
    computed_on date    NOT NULL,
    position    bigint  NOT NULL
);
CREATE INDEX view_appraisals_of ON view_appraisals (area, quarter);

-- What calls for an answer: bad ratings, upheld complaints, hearings; and which review gave it.
CREATE TABLE view_prompts (
    event    uuid   NOT NULL PRIMARY KEY,
    area     text   NOT NULL,
    kind     text   NOT NULL,
    matter   uuid,
    body     text,
    day      date   NOT NULL,
    reviewed bigint
);

-- What intake said of who was eligible, who asked, and how they heard of us: kept when it is
-- heard, before the hearing moves on.
CREATE TABLE heard_interest (
    matter  uuid NOT NULL PRIMARY KEY,
    project uuid,
    area    text NOT NULL,
    day     date NOT NULL,
    result  text,
    mode    text,
    medium  text
);

GRANT SELECT, INSERT, UPDATE, DELETE ON view_invitations, view_ratings, view_visits,
    view_bad_ratings, view_complaints, view_appraisals, view_prompts, heard_interest
    TO {service}_writer;
GRANT SELECT ON view_ratings, view_visits, view_bad_ratings, view_complaints, view_appraisals,
    view_prompts TO {service}_reader;
