-- What a person decided about a message is followed once, whatever is rebuilt; what was decided
-- with and without a word of the approval system; reminders that nobody gave.

ALTER TABLE messages ADD COLUMN settled bigint NOT NULL DEFAULT 0;
ALTER TABLE messages DROP CONSTRAINT messages_state_check;
ALTER TABLE messages ADD CONSTRAINT messages_state_check CHECK (state IN
    ('waiting', 'sending', 'sent', 'parked', 'unreached', 'expired', 'skipped'));

CREATE TABLE view_system_use (
    matter      uuid    NOT NULL,
    item        text    NOT NULL,
    area        text    NOT NULL,
    body        text,
    decided_on  date,
    in_system   boolean NOT NULL DEFAULT false,
    position    bigint  NOT NULL,
    PRIMARY KEY (matter, item)
);
CREATE INDEX view_system_use_by_area ON view_system_use (area, decided_on);

CREATE TABLE view_missed (
    position   bigint PRIMARY KEY,
    area       text   NOT NULL,
    matter     uuid   NOT NULL,
    item       text   NOT NULL,
    body       text   NOT NULL,
    person     text,
    due_on     date   NOT NULL,
    missed_on  date   NOT NULL
);
CREATE INDEX view_missed_by_area ON view_missed (area, missed_on);

ALTER TABLE view_issues ADD COLUMN body text;

GRANT SELECT, INSERT, UPDATE, DELETE ON view_system_use, view_missed TO {service}_writer;
