-- Roles that a gateway may log in as, and the database of the samples. One statement a paragraph, each ended by ; and an empty line.
CREATE ROLE agent_all SUPERUSER LOGIN;

CREATE ROLE agent_rw LOGIN PASSWORD 'correct horse rw';

CREATE ROLE agent_ro LOGIN PASSWORD 'correct horse ro';

CREATE ROLE owner_role;

CREATE DATABASE shop;

