-- What was climbed, and what others owe a matter: views, made again from the log at any time.

CREATE TABLE view_climbs (
    position   bigint   NOT NULL,
    n          integer  NOT NULL,
    area       text     NOT NULL,
    matter     uuid     NOT NULL,
    about      text     NOT NULL,
    ladder     text,
    rung       integer  NOT NULL,
    rung_id    text,
    did        text     NOT NULL,
    waived     boolean  NOT NULL,
    climbed_on date,
    effect_on  date,
    PRIMARY KEY (position, n)
);
CREATE INDEX view_climbs_by_area ON view_climbs (area, climbed_on);
CREATE INDEX view_climbs_open ON view_climbs (matter, about) WHERE effect_on IS NULL;

CREATE TABLE view_owed (
    kind       text    NOT NULL,
    id         uuid    NOT NULL,
    owed_by    text    NOT NULL,
    area       text    NOT NULL,
    matter     uuid    NOT NULL,
    due_on     date,
    done_on    date,
    position   bigint  NOT NULL,
    PRIMARY KEY (id, owed_by)
);
CREATE INDEX view_owed_by_area ON view_owed (area, due_on) WHERE done_on IS NULL;
CREATE INDEX view_owed_by_matter ON view_owed (matter) WHERE done_on IS NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON view_climbs, view_owed TO {service}_writer;
