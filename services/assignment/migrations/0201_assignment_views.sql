-- Read models of assignment: droppable, rebuilt from the log by replaying it.

CREATE TABLE view_staff (
    area       text    NOT NULL,
    person     text    NOT NULL,
    body       text    NOT NULL,
    body_kind  text    NOT NULL,
    roles      text[]  NOT NULL,
    skills     text[]  NOT NULL,
    items      text[]  NOT NULL,
    sites      text[]  NOT NULL,
    added_on   date    NOT NULL,
    removed_on date,
    cause      text,
    PRIMARY KEY (area, person)
);

CREATE TABLE view_posts (
    position   bigint  NOT NULL PRIMARY KEY,
    area       text    NOT NULL,
    post       text    NOT NULL,
    role       text    NOT NULL,
    body       text    NOT NULL,
    person     text    NOT NULL,
    begins_on  date    NOT NULL,
    ends_on    date,
    acting     boolean NOT NULL,
    vacated_on date,
    cause      text,
    successor  text
);
CREATE INDEX view_posts_of ON view_posts (area, post, begins_on);

CREATE TABLE view_trainings (
    training uuid   NOT NULL PRIMARY KEY,
    area     text   NOT NULL,
    body     text   NOT NULL,
    topics   text[] NOT NULL,
    invited  text[] NOT NULL,
    held_on  date   NOT NULL
);

CREATE TABLE view_attendance (
    training uuid NOT NULL,
    person   text NOT NULL,
    body     text NOT NULL,
    PRIMARY KEY (training, person)
);

-- The queue and its turns: who asked first, who was taken first.
CREATE TABLE view_matters (
    matter        uuid    NOT NULL PRIMARY KEY,
    position      bigint  NOT NULL,
    area          text    NOT NULL,
    pack          text,
    site          text    NOT NULL,
    bodies        text[]  NOT NULL,
    lead_body     text    NOT NULL,
    routed_on     date    NOT NULL,
    dispatched_on date,
    lead_agent    text,
    jumped        integer NOT NULL DEFAULT 0,
    passed_over   text[]  NOT NULL DEFAULT '{}'
);
CREATE INDEX view_matters_queue ON view_matters (area, position);

CREATE TABLE view_tasks (
    matter uuid NOT NULL,
    item   text NOT NULL,
    area   text NOT NULL,
    agent  text NOT NULL,
    body   text NOT NULL,
    since  date NOT NULL,
    PRIMARY KEY (matter, item)
);
CREATE INDEX view_tasks_of ON view_tasks (area, agent);

-- Everybody answerable for a matter now, also the one who has no item in hand.
CREATE TABLE view_agents (
    matter   uuid    NOT NULL,
    agent    text    NOT NULL,
    area     text    NOT NULL,
    body     text    NOT NULL,
    lead     boolean NOT NULL,
    PRIMARY KEY (matter, agent)
);
CREATE INDEX view_agents_of ON view_agents (area, agent);

-- What others said that the load depends on: kept when it is heard, before the hearing moves on.
CREATE TABLE heard_closed (
    matter uuid NOT NULL,
    item   text NOT NULL,
    PRIMARY KEY (matter, item)
);
CREATE TABLE heard_modes (
    matter uuid NOT NULL PRIMARY KEY,
    mode   text NOT NULL
);

GRANT SELECT, INSERT, UPDATE, DELETE ON view_staff, view_posts, view_trainings, view_attendance,
    view_matters, view_tasks, view_agents, heard_closed, heard_modes TO {service}_writer;
GRANT SELECT ON view_staff, view_posts, view_trainings, view_attendance,
    view_matters, view_tasks, view_agents TO {service}_reader;
