-- Who may use the desk. A ledger without users is served on its own machine alone.

CREATE TABLE users (
    name        TEXT PRIMARY KEY,
    role        TEXT NOT NULL CHECK (role IN ('reader', 'reviewer', 'admin')),
    password    TEXT NOT NULL,             -- argon2id, as a PHC string
    created_at  TEXT NOT NULL              -- RFC 3339
) WITHOUT ROWID;

-- Who is signed in. The browser holds the token; here is only its SHA-256.
CREATE TABLE sessions (
    token_sha256  TEXT PRIMARY KEY,
    user          TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
    opened_at     TEXT NOT NULL,           -- RFC 3339
    expires       INTEGER NOT NULL         -- seconds since 1970
) WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (user);
