-- name: parts
-- Everything a file's schema is made of; SQLite's own parts apart.
SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite\_%' ESCAPE '\';
