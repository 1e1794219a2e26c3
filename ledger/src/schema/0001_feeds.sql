-- ── What is watched ────────────────────────────────────────────────────────────────────────────────────────────

-- A feed that `dateline watch` polls, and its health.
CREATE TABLE feeds (
    id            INTEGER PRIMARY KEY,
    url           TEXT NOT NULL UNIQUE,
    title         TEXT,                    -- as the feed calls itself, or as a list of feeds calls it
    site          TEXT,
    outlet        TEXT,                    -- the name its dispatches are filed under; null: the feed's or page's own
    added_at      TEXT NOT NULL,           -- RFC 3339, as all moments here
    etag          TEXT,                    -- marks of the copy that was last read
    last_modified TEXT,
    next_at       TEXT NOT NULL,           -- not to be asked before
    tried_at      TEXT,                    -- last try
    succeeded_at  TEXT,                    -- last answer that could be read, "not modified" included
    problem       TEXT,                    -- of the last try; null when it went well
    failures      INTEGER NOT NULL DEFAULT 0, -- in a row
    items         INTEGER NOT NULL DEFAULT 0  -- entries ever seen
);

-- An entry of a feed: what is to be fetched, and what became of it. An entry is done in the transaction that files it.
CREATE TABLE feed_items (
    id        INTEGER PRIMARY KEY,
    feed_id   INTEGER NOT NULL REFERENCES feeds (id) ON DELETE CASCADE,
    key       TEXT NOT NULL UNIQUE,        -- the article's address, else the feed's and the entry's id
    mark      TEXT NOT NULL,               -- of what the entry said: another mark is an update
    link      TEXT,
    title     TEXT,
    entry     TEXT NOT NULL,               -- the entry as one JSON line, filed when the article cannot be had
    state     TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'failed')),
    attempts  INTEGER NOT NULL DEFAULT 0,
    next_at   TEXT NOT NULL,
    found_at  TEXT NOT NULL,
    done_at   TEXT,
    problem   TEXT                         -- why the article could not be had
);
CREATE INDEX feed_items_waiting ON feed_items (next_at, id) WHERE state = 'waiting';
CREATE INDEX feed_items_feed ON feed_items (feed_id);

-- ── Alerts ─────────────────────────────────────────────────────────────────────────────────────────────────────

-- A standing question, and where its answers go.
CREATE TABLE alerts (
    id        INTEGER PRIMARY KEY,
    name      TEXT NOT NULL UNIQUE,
    kind      TEXT NOT NULL,               -- incident, violation, toll, accord, statement
    question  TEXT NOT NULL,               -- JSON: place, actor, text, type, status
    channel   TEXT NOT NULL CHECK (channel IN ('atom', 'webhook', 'command')),
    target    TEXT NOT NULL,               -- file, address or command
    secret    TEXT,                        -- signs a webhook's body
    added_at  TEXT NOT NULL,
    looked_at TEXT NOT NULL                -- records read since then are looked at next
);

-- An answer on its way: kept until its channel took it.
CREATE TABLE deliveries (
    id         INTEGER PRIMARY KEY,
    alert_id   INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    key        TEXT NOT NULL,              -- what it is about: the same is told once
    title      TEXT NOT NULL,
    body       TEXT NOT NULL,              -- JSON, as sent
    state      TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'failed')),
    attempts   INTEGER NOT NULL DEFAULT 0,
    next_at    TEXT NOT NULL,
    found_at   TEXT NOT NULL,
    done_at    TEXT,
    problem    TEXT,
    UNIQUE (alert_id, key)
);
CREATE INDEX deliveries_waiting ON deliveries (next_at, id) WHERE state = 'waiting';
