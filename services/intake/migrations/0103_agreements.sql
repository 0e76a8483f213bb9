-- Agreements with the unit as they stand, and the papers it handed in by when it did.

CREATE TABLE view_agreements (
    agreement       uuid    PRIMARY KEY,
    matter          uuid    NOT NULL,
    area            text    NOT NULL,
    kind            text    NOT NULL,
    number          text,
    label           text,
    state           text,
    in_force        boolean NOT NULL DEFAULT false,
    awaits          text[]  NOT NULL DEFAULT '{}',
    takes_effect_on date,
    begins_on       date,
    ends_on         date,
    ended           text
);
CREATE INDEX view_agreements_by_area ON view_agreements (area, agreement);
CREATE INDEX view_agreements_open ON view_agreements (ends_on) WHERE ended IS NULL;

CREATE TABLE view_pieces (
    piece       uuid        PRIMARY KEY,
    matter      uuid        NOT NULL,
    material    text        NOT NULL,
    originals   bigint      NOT NULL,
    copies      bigint      NOT NULL,
    sheets      bigint,
    replaced_by uuid,
    effective   text        NOT NULL,
    happened    timestamptz NOT NULL,
    recorded    timestamptz NOT NULL
);
CREATE INDEX view_pieces_by_matter ON view_pieces (matter, happened);

GRANT SELECT, INSERT, UPDATE, DELETE ON view_agreements TO {service}_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON view_pieces TO {service}_writer;
