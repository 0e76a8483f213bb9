-- The due days that moved when a calendar was announced or a step was entered late: one row for
-- each, never changed.

CREATE TABLE view_shifts (
    position   bigint   NOT NULL,
    n          integer  NOT NULL,
    area       text     NOT NULL,
    matter     uuid     NOT NULL,
    item       text     NOT NULL,
    clock      text     NOT NULL,
    cause      text     NOT NULL,
    calendar   text     NOT NULL,
    was_on     date     NOT NULL,
    now_on     date     NOT NULL,
    estimated  boolean  NOT NULL,
    PRIMARY KEY (position, n)
);
CREATE INDEX view_shifts_by_area ON view_shifts (area, position);

GRANT SELECT, INSERT, UPDATE, DELETE ON view_shifts TO {service}_writer;
