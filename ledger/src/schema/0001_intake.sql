-- How far each large input has been filed, so that an interrupted `add` can go on where it stopped.

CREATE TABLE intake (
    input    TEXT PRIMARY KEY,             -- the file's path
    bytes    INTEGER NOT NULL,             -- its size then: another size is another file
    offset   INTEGER NOT NULL,             -- where the last filed record begins
    at       TEXT NOT NULL
) WITHOUT ROWID;
