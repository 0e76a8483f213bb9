-- A page of all matters, by the day on which each was asked for, needs no sort of all of them.
-- Down: DROP INDEX view_matters_in_order;

CREATE INDEX view_matters_in_order ON view_matters (requested_on, id);
