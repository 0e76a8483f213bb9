-- What can be read of the files as a list. Droppable: rebuilt from archive's own log.

CREATE TABLE view_files (
    matter    uuid    NOT NULL PRIMARY KEY,
    number    text    NOT NULL,
    area      text    NOT NULL,
    project   uuid,
    opened    text    NOT NULL,
    entries   integer NOT NULL DEFAULT 0,
    documents integer NOT NULL DEFAULT 0,
    complete  boolean,
    closed    boolean NOT NULL DEFAULT false,
    position  bigint  NOT NULL
);
CREATE INDEX view_files_by_number ON view_files (number);
CREATE INDEX view_files_by_project ON view_files (project);

-- Archive's order over everything that was filed: a place in it is a cut across the services.
CREATE TABLE view_entries (
    position       bigint NOT NULL PRIMARY KEY,
    file           uuid   NOT NULL,
    project        uuid,
    store          text   NOT NULL,
    store_position bigint NOT NULL,
    UNIQUE (store, store_position)
);
CREATE INDEX view_entries_by_project ON view_entries (project, position);

GRANT SELECT, INSERT, UPDATE, DELETE ON view_files, view_entries TO {service}_writer;
GRANT SELECT ON view_files, view_entries TO {service}_reader, auditor;
