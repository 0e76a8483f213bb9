-- What supervision can be asked in lists. A view table may always be dropped and made again
-- from the log; `position` is the last event that changed the row.

CREATE TABLE view_matters (
    matter    uuid    PRIMARY KEY,
    area      text    NOT NULL,
    project   uuid,
    pack      text,
    first_on  date    NOT NULL,
    position  bigint  NOT NULL
);
CREATE INDEX view_matters_by_position ON view_matters (position);
CREATE INDEX view_matters_by_area ON view_matters (area, first_on);

CREATE TABLE view_items (
    matter            uuid     NOT NULL,
    item              text     NOT NULL,
    area              text     NOT NULL,
    state             text     NOT NULL,
    in_scope          boolean  NOT NULL DEFAULT true,
    owner             text,
    body              text,
    served_by         text,
    planned_on        date,
    due_on            date,
    statutory_due_on  date,
    estimated         boolean  NOT NULL DEFAULT false,
    deemed            boolean  NOT NULL DEFAULT false,
    rounds            integer  NOT NULL DEFAULT 0,
    urges             integer  NOT NULL DEFAULT 0,
    outcome           text,
    position          bigint   NOT NULL,
    PRIMARY KEY (matter, item)
);
CREATE INDEX view_items_by_area ON view_items (area, matter, item);

CREATE TABLE view_issues (
    issue       uuid    PRIMARY KEY,
    matter      uuid    NOT NULL,
    area        text    NOT NULL,
    kind        text    NOT NULL,
    severity    text    NOT NULL,
    items       text[]  NOT NULL,
    owner       text    NOT NULL,
    person      text,
    opened_on   date    NOT NULL,
    due_on      date,
    raised_to   text,
    issue_list  uuid,
    listed      boolean NOT NULL DEFAULT false,
    outcome     text,
    position    bigint  NOT NULL
);
CREATE INDEX view_issues_by_area ON view_issues (area, issue);

-- One row per thing that happened, never changed: a return is these rows up to a position, so
-- that the same cut gives the same bytes again (X-09).
CREATE TABLE view_ledger (
    position   bigint   NOT NULL,
    n          integer  NOT NULL,
    area       text     NOT NULL,
    matter     uuid     NOT NULL,
    item       text,
    issue      uuid,
    what       text     NOT NULL,
    detail     text,
    body       text,
    served_by  text,
    happened   date     NOT NULL,
    PRIMARY KEY (position, n)
);
CREATE INDEX view_ledger_by_area ON view_ledger (area, position);

CREATE TABLE view_returns (
    area      text    NOT NULL,
    form      text    NOT NULL,
    quarter   text    NOT NULL,
    body      text    NOT NULL,
    receiver  text    NOT NULL,
    due_on    date,
    filed_on  date,
    nil       boolean,
    line_count integer,
    late_days integer,
    cut       bigint,
    position  bigint  NOT NULL,
    PRIMARY KEY (area, form, quarter, body)
);

CREATE TABLE view_inspections (
    inspection     uuid    PRIMARY KEY,
    area           text    NOT NULL,
    body           text    NOT NULL,
    made_on        date    NOT NULL,
    shortcomings   integer NOT NULL,
    rectify_by_on  date,
    position       bigint  NOT NULL
);

GRANT SELECT, INSERT, UPDATE, DELETE ON view_matters, view_items, view_issues, view_ledger,
    view_returns, view_inspections TO {service}_writer;
