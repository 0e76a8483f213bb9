-- The matters of a unit are found by its people: without this every matter of the place is looked at.
-- Down: DROP INDEX view_matters_by_people;

CREATE INDEX view_matters_by_people ON view_matters USING gin (people);
