-- Searches that somebody keeps by name. The query is the page's address after the question mark.
CREATE TABLE saved_searches (
    id        INTEGER PRIMARY KEY,
    owner     TEXT NOT NULL,               -- who keeps it
    name      TEXT NOT NULL,
    query     TEXT NOT NULL,
    saved_at  TEXT NOT NULL,               -- RFC 3339
    UNIQUE (owner, name)
);
