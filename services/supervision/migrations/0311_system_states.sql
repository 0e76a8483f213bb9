-- Where the approval system's own numbers lead, and when each feed was last taken in.

CREATE TABLE view_system_refs (
    area        text   NOT NULL,
    system_ref  text   NOT NULL,
    matter      uuid   NOT NULL,
    item        text   NOT NULL,
    position    bigint NOT NULL,
    PRIMARY KEY (area, system_ref)
);

CREATE TABLE view_imports (
    area         text        NOT NULL,
    source       text        NOT NULL,
    observed_at  timestamptz NOT NULL,
    line_count   integer     NOT NULL,
    followed     integer     NOT NULL,
    conflicts    integer     NOT NULL,
    refused      integer     NOT NULL,
    runs         integer     NOT NULL DEFAULT 1,
    longest_gap  interval,
    position     bigint      NOT NULL,
    PRIMARY KEY (area, source)
);

CREATE INDEX view_matters_by_project ON view_matters (project) WHERE project IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON view_system_refs, view_imports TO {service}_writer;
