-- Where people come from, what they speak, which place of the pack a post fills, and what is lent.

ALTER TABLE view_staff
    ADD COLUMN home_body  text,
    ADD COLUMN staff_kind text,
    ADD COLUMN languages  text[] NOT NULL DEFAULT '{}';

ALTER TABLE view_posts
    ADD COLUMN slot       text,
    ADD COLUMN stage      text,
    ADD COLUMN item       text,
    ADD COLUMN duty_phone text;

-- What a substitute has in hand for one who is away: it goes back when that one is there again.
CREATE TABLE view_lent (
    matter     uuid NOT NULL,
    item       text NOT NULL,
    person     text NOT NULL,
    substitute text NOT NULL,
    PRIMARY KEY (matter, item)
);
CREATE INDEX view_lent_of ON view_lent (person, substitute);

GRANT SELECT, INSERT, UPDATE, DELETE ON view_lent TO {service}_writer;
GRANT SELECT ON view_lent TO {service}_reader;
