-- What goes out (评价邀请), keyed by event and effect so that each goes out once. This is no view: it is
-- never dropped, and says nothing that the log does not, but what became of the sending.

CREATE TABLE messages (
    event      uuid        NOT NULL,
    effect     text        NOT NULL,
    type       text        NOT NULL,
    area       text        NOT NULL,
    matter     uuid,
    stream     uuid        NOT NULL,
    sent_to    text        NOT NULL,
    person     text,
    state      text        NOT NULL DEFAULT 'waiting' CHECK (state IN
        ('waiting', 'sending', 'sent', 'parked', 'unreached', 'expired')),
    channel    text,
    attempts   integer     NOT NULL DEFAULT 0,
    next_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded   timestamptz NOT NULL,
    sent_at    timestamptz,
    receipt    text,
    problem    text,
    told       boolean     NOT NULL DEFAULT false,
    settled    bigint      NOT NULL DEFAULT 0,
    position   bigint      NOT NULL,
    PRIMARY KEY (event, effect)
);
CREATE INDEX messages_due ON messages (next_at) WHERE state IN ('waiting', 'sending');
CREATE INDEX messages_by_area ON messages (area, position);

GRANT SELECT, INSERT, UPDATE ON messages TO {service}_writer;
