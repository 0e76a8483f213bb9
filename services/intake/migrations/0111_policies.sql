-- Which policies were made public, how far each was brought to the projects of its place, and to
-- whom it was brought.

CREATE TABLE view_policies (
    notice   uuid   PRIMARY KEY,
    area     text   NOT NULL,
    position bigint NOT NULL,
    reached  uuid,
    done     boolean NOT NULL DEFAULT false
);
CREATE INDEX view_policies_due ON view_policies (position) WHERE NOT done;

CREATE TABLE view_pushes (
    project  uuid   NOT NULL,
    notice   uuid   NOT NULL,
    area     text   NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (project, notice)
);
CREATE INDEX view_pushes_by_position ON view_pushes (position);
CREATE INDEX view_projects_by_code_prefix ON view_projects (area, (code COLLATE "C"));
CREATE INDEX view_matters_by_number_prefix ON view_matters (area, (number COLLATE "C"));
CREATE INDEX view_sights_by_area ON view_sights (area, project);

GRANT SELECT, INSERT, UPDATE, DELETE ON view_policies TO {service}_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON view_pushes TO {service}_writer;
