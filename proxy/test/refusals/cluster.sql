-- Once for a server.
CREATE ROLE victim_role PASSWORD 'hashed-secret';
CREATE ROLE victim_member;
GRANT owner_role TO victim_member;
CREATE DATABASE victim_database;
ALTER ROLE victim_role SET app.key = 'role-setting-secret';
