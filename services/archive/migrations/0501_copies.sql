-- What archive has heard: the exact bodies, and what cannot be filed yet.
-- Down: none. The file of a matter rests on these bytes.

-- A column can never disagree with the bytes that were hashed: it is made from them. Not even
-- the owner changes a row; the writer may only add.
CREATE TABLE copies (
    store    text     NOT NULL,
    position bigint   NOT NULL CHECK (position > 0),
    body     text     NOT NULL CHECK (octet_length(body) <= 131072),
    leafhash bytea    NOT NULL
        CHECK (leafhash = sha256('\x00'::bytea || convert_to(body, 'UTF8'))),
    -- the origins that this event has in the stores that hear it: how an effect finds its cause
    origins  uuid[]   NOT NULL,
    id       uuid     NOT NULL GENERATED ALWAYS AS ((body::jsonb #>> '{about,id}')::uuid) STORED,
    stream   uuid     NOT NULL GENERATED ALWAYS AS ((body::jsonb #>> '{about,stream}')::uuid) STORED,
    matter   uuid     GENERATED ALWAYS AS ((body::jsonb #>> '{about,matter}')::uuid) STORED,
    project  uuid     GENERATED ALWAYS AS ((body::jsonb #>> '{about,project}')::uuid) STORED,
    CONSTRAINT copies_place PRIMARY KEY (store, position),
    CONSTRAINT copies_id UNIQUE (id),
    CONSTRAINT copies_are_of_their_store CHECK ((body::jsonb #>> '{about,store}') = store)
);
CREATE INDEX copies_by_matter ON copies (matter) WHERE matter IS NOT NULL;
CREATE INDEX copies_by_project ON copies (project) WHERE project IS NOT NULL;
CREATE INDEX copies_by_stream ON copies (stream);
CREATE INDEX copies_by_origin ON copies USING gin (origins);

CREATE TRIGGER copies_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON copies
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE copies ENABLE ALWAYS TRIGGER copies_never_change;

-- A copy whose cause is not filed yet, or which stands behind such a one of its own store. The
-- agenda files it when its cause is there; `origin` is null for the second kind.
CREATE TABLE waiting (
    store        text        NOT NULL,
    position     bigint      NOT NULL,
    file         uuid        NOT NULL,
    origin       uuid,
    origin_store text,
    since        timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (store, position),
    FOREIGN KEY (store, position) REFERENCES copies (store, position)
);
CREATE INDEX waiting_by_file ON waiting (file, store, position);

REVOKE ALL ON copies, waiting FROM PUBLIC;
GRANT SELECT, INSERT ON copies TO {service}_writer;
GRANT SELECT ON copies, waiting TO {service}_reader, auditor;
GRANT SELECT, INSERT, DELETE ON waiting TO {service}_writer;
