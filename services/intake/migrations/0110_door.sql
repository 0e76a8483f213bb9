-- What can be read of the front door: contacts, questions, notices, hotline orders, bookings,
-- outreach. No personal data, except blind tokens of names, which say nothing without the
-- deployment key and go when the name is erased.

CREATE TABLE view_contacts (
    id             uuid   PRIMARY KEY,
    area           text   NOT NULL,
    owner          text   NOT NULL,
    channel        text,
    received_on    date   NOT NULL,
    topic          text,
    items          text[] NOT NULL,
    mode           text,
    project        uuid,
    matter         uuid,
    phase          text   NOT NULL,
    outcome        text,
    offered_person text,
    offered_role   text,
    offered_body   text,
    waiting        uuid[] NOT NULL DEFAULT '{}',
    nights         integer NOT NULL DEFAULT 0,
    reminded_on    date,
    closed_on      date
);
CREATE INDEX view_contacts_by_area ON view_contacts (area, id);
CREATE INDEX view_contacts_open ON view_contacts (owner, received_on) WHERE phase = 'open';
CREATE INDEX view_contacts_by_project ON view_contacts (project, received_on);

CREATE TABLE view_questions (
    consultation   uuid   PRIMARY KEY,
    contact        uuid   NOT NULL,
    area           text   NOT NULL,
    items          text[] NOT NULL,
    to_body        text   NOT NULL,
    to_role        text   NOT NULL,
    to_person      text,
    asked_at       timestamptz NOT NULL,
    waited_minutes bigint,
    answered       boolean NOT NULL DEFAULT false
);
CREATE INDEX view_questions_by_area ON view_questions (area, consultation);

CREATE TABLE view_told (
    notice    uuid   PRIMARY KEY,
    stream    uuid   NOT NULL,
    area      text   NOT NULL,
    project   uuid,
    matter    uuid,
    actor     text   NOT NULL,
    items     text[] NOT NULL,
    again     text[] NOT NULL,
    ordinal   integer NOT NULL,
    issued_on date   NOT NULL
);
CREATE INDEX view_told_by_area ON view_told (area, notice);
CREATE INDEX view_told_by_project ON view_told (project);

CREATE TABLE view_orders (
    id             uuid   PRIMARY KEY,
    order_number   text   NOT NULL,
    area           text   NOT NULL,
    called_at      timestamptz NOT NULL,
    counts_from_on date   NOT NULL,
    due_on         date   NOT NULL,
    estimated      boolean NOT NULL,
    phase          text   NOT NULL,
    topic          text,
    code           text,
    items          text[] NOT NULL,
    about_staff    boolean NOT NULL,
    concerns       text,
    to_role        text   NOT NULL,
    to_body        text,
    owner          text,
    result         text,
    answered_on    date,
    late_days      bigint,
    leads_to       uuid
);
CREATE INDEX view_orders_by_area ON view_orders (area, due_on, id);

CREATE TABLE view_bookings (
    id        uuid PRIMARY KEY,
    area      text NOT NULL,
    begins_at timestamptz NOT NULL,
    day       date NOT NULL,
    minutes   bigint,
    body      text,
    topic     text,
    items     text[] NOT NULL,
    holder    text,
    moved     integer NOT NULL DEFAULT 0,
    ending    text
);
CREATE INDEX view_bookings_by_day ON view_bookings (area, day, begins_at);
CREATE INDEX view_bookings_open ON view_bookings (day) WHERE ending IS NULL;

CREATE TABLE view_outreach (
    id        uuid   PRIMARY KEY,
    area      text   NOT NULL,
    project   uuid   NOT NULL,
    rule      text   NOT NULL,
    what      text   NOT NULL,
    via       text[] NOT NULL,
    brought   text[] NOT NULL DEFAULT '{}',
    edition   integer NOT NULL DEFAULT 0,
    digest    text,
    visits    integer NOT NULL DEFAULT 0,
    policies  integer NOT NULL DEFAULT 0,
    phase     text   NOT NULL,
    outcome   text,
    opened_on date   NOT NULL,
    closed_on date
);
CREATE INDEX view_outreach_by_area ON view_outreach (area, id);
CREATE INDEX view_outreach_by_project ON view_outreach (project);

CREATE TABLE view_prompts (
    event       uuid   PRIMARY KEY,
    matter      uuid   NOT NULL,
    area        text   NOT NULL,
    project     uuid,
    items       text[] NOT NULL,
    seen_by     text   NOT NULL,
    prompted_on date   NOT NULL
);
CREATE INDEX view_prompts_by_area ON view_prompts (area, event);

-- When each project was last told of, whether it has a matter, and whether its names stand in
-- the index as they were told last.
CREATE TABLE view_sights (
    project    uuid   PRIMARY KEY,
    area       text   NOT NULL,
    position   bigint NOT NULL,
    source     text,
    has_matter boolean NOT NULL DEFAULT false,
    led        boolean NOT NULL DEFAULT false
);
CREATE INDEX view_sights_by_position ON view_sights (position);

CREATE TABLE view_naming (
    project  uuid   PRIMARY KEY,
    area     text   NOT NULL,
    told     bigint NOT NULL,
    indexed  bigint NOT NULL DEFAULT 0
);
CREATE INDEX view_naming_due ON view_naming (told) WHERE indexed < told;

CREATE TABLE view_names (
    area    text  NOT NULL,
    token   bytea NOT NULL,
    project uuid  NOT NULL,
    PRIMARY KEY (area, token, project)
);
CREATE INDEX view_names_by_project ON view_names (project);

GRANT SELECT, INSERT, UPDATE, DELETE ON view_contacts TO {service}_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON view_questions TO {service}_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON view_told TO {service}_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON view_orders TO {service}_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON view_bookings TO {service}_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON view_outreach TO {service}_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON view_prompts TO {service}_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON view_sights TO {service}_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON view_naming TO {service}_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON view_names TO {service}_writer;
