-- The ledger, schema 1. Names are plain so that the file opens in Datasette, pandas and R as it is.
-- Offsets (…_start, …_end) are Unicode code points of the text of the dispatch's current version.
-- "item" is an item's id inside its record ("i1", "s3"): a position, which means nothing across versions.

-- ── What was received ──────────────────────────────────────────────────────────────────────────────────────────

-- The original of each item as received (the file, the JSON line), zstd-compressed, by the SHA-256 of its bytes.
CREATE TABLE originals (
    sha256      TEXT PRIMARY KEY,
    media_type  TEXT NOT NULL,
    bytes       INTEGER NOT NULL,          -- length before compression
    content     BLOB NOT NULL              -- zstd frame
) WITHOUT ROWID;

-- One article of one source: (namespace, source_id) is its identity.
CREATE TABLE dispatches (
    id             INTEGER PRIMARY KEY,
    namespace      TEXT NOT NULL,          -- whose ids these are: the outlet or the file's name; 'url'; 'urn'; 'sha256'
    source_id      TEXT NOT NULL,          -- the source's own id, else the URL, else the text's SHA-256
    outlet         TEXT,
    agency         TEXT,
    url            TEXT,
    headline       TEXT,
    dek            TEXT,
    language       TEXT,                   -- ISO 639-1
    published      TEXT,                   -- YYYY-MM-DD
    published_basis TEXT,                  -- metadata, given, dateline, inferred
    state          TEXT NOT NULL DEFAULT 'live' CHECK (state IN ('live', 'killed', 'withheld')),
    slugline       TEXT,                   -- the words an agency files it under
    embargo        TEXT,                   -- not to be published before, as the source writes it
    version        INTEGER NOT NULL,       -- number of the current version
    echo_group     TEXT,                   -- dispatches that tell one wire story share it; null when alone
    filed_at       TEXT NOT NULL,          -- RFC 3339, first filing
    UNIQUE (namespace, source_id)
);
CREATE INDEX dispatches_published ON dispatches (coalesce(published, ''), id);
CREATE INDEX dispatches_outlet ON dispatches (outlet, coalesce(published, ''), id);
CREATE INDEX dispatches_source_id ON dispatches (source_id);
CREATE INDEX dispatches_echo ON dispatches (echo_group) WHERE echo_group IS NOT NULL;

-- Every text a dispatch has had. The first is version 1; a corrected text is the next.
CREATE TABLE versions (
    id           INTEGER PRIMARY KEY,
    dispatch_id  INTEGER NOT NULL REFERENCES dispatches (id),
    number       INTEGER NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('first', 'correction', 'kill', 'withhold')),
    original     TEXT REFERENCES originals (sha256),
    text_sha256  TEXT NOT NULL,
    text         TEXT NOT NULL,            -- the canonical text: every span indexes it
    filed_at     TEXT NOT NULL,
    source_version TEXT,                   -- the source's own version, as written
    note         TEXT,                     -- the source's note to editors
    redacted     INTEGER NOT NULL DEFAULT 0 CHECK (redacted IN (0, 1)),  -- a person took words out of it
    UNIQUE (dispatch_id, number)
);

CREATE INDEX versions_text ON versions (text_sha256);

-- Every reading of a version: the whole record as JSON (zstd). The tables below hold the current one, item by item.
CREATE TABLE records (
    id          INTEGER PRIMARY KEY,
    version_id  INTEGER NOT NULL REFERENCES versions (id),
    reader      TEXT NOT NULL,             -- program and model that read it
    read_at     TEXT NOT NULL,
    content     BLOB NOT NULL,             -- dateline/record/1, zstd frame
    sha256      TEXT NOT NULL,             -- of the JSON
    current     INTEGER NOT NULL CHECK (current IN (0, 1))
);
CREATE UNIQUE INDEX records_current ON records (version_id) WHERE current;
CREATE INDEX records_version ON records (version_id);

-- ── What the current records say ───────────────────────────────────────────────────────────────────────────────

-- Names of speakers, perpetrators, parties … and the actor each belongs to, by folding spelling, demonyms and aliases.
CREATE TABLE actor_names (
    name        TEXT PRIMARY KEY,
    actor       TEXT NOT NULL,             -- the actor's key: the atlas id, or the folded words of the name
    statements  INTEGER NOT NULL DEFAULT 0, -- how many it makes, kept by triggers
    blamed      INTEGER NOT NULL DEFAULT 0  -- how often it is blamed, suspected or owns up, kept by triggers
) WITHOUT ROWID;
CREATE INDEX actor_names_actor ON actor_names (actor, name);

-- Who is reported to have said what. Ids follow the day of publication: those of one day are the day's number (from
-- 0001-01-01 on; 0 where it is unknown) times 2^32 and up. So the latest come first by id, in searches too.
CREATE TABLE statements (
    id            INTEGER PRIMARY KEY,
    dispatch_id   INTEGER NOT NULL REFERENCES dispatches (id),
    item          TEXT NOT NULL,
    speaker       TEXT NOT NULL REFERENCES actor_names (name),
    kind          TEXT NOT NULL,           -- direct, indirect, mixed
    mode          TEXT NOT NULL,           -- says, claims, denies, accuses …
    said_on       TEXT,
    published     TEXT,                    -- of its dispatch, repeated for fast filtering
    source        TEXT, source_start INTEGER, source_end INTEGER,
    cue           TEXT, cue_start INTEGER, cue_end INTEGER,
    content       TEXT NOT NULL,           -- its pieces, joined by " … "
    content_start INTEGER, content_end INTEGER,  -- of the first piece; all pieces are in statement_pieces
    occasion      TEXT
);
CREATE INDEX statements_dispatch ON statements (dispatch_id);
CREATE INDEX statements_speaker ON statements (speaker, dispatch_id);
CREATE INDEX statements_latest ON statements (speaker);  -- each name's statements by id, so by day of publication

-- The pieces of a statement's content, in order.
CREATE TABLE statement_pieces (
    statement_id  INTEGER NOT NULL REFERENCES statements (id) ON DELETE CASCADE,
    number        INTEGER NOT NULL,
    words         TEXT NOT NULL, words_start INTEGER NOT NULL, words_end INTEGER NOT NULL,
    PRIMARY KEY (statement_id, number)
) WITHOUT ROWID;

-- An incident of the ledger: all accounts of one act. Recomputed from its accounts; its id is that of its first one.
CREATE TABLE incidents (
    id            TEXT PRIMARY KEY,
    type          TEXT NOT NULL,           -- the type most accounts give, by sources
    date_start    TEXT,
    date_end      TEXT,
    place         TEXT,
    admin1        TEXT,
    country       TEXT,                    -- ISO 3166 alpha-2
    lat           REAL,
    lon           REAL,
    geonames_id   INTEGER,
    background    INTEGER NOT NULL,        -- 1 when every account recalls it as context
    modality      TEXT NOT NULL,           -- asserted when any account asserts it
    accounts      INTEGER NOT NULL,
    sources       INTEGER NOT NULL,        -- accounts, with each group of echoes counted once
    killed_low    INTEGER,
    killed_high   INTEGER,
    injured_low   INTEGER,
    injured_high  INTEGER,
    disputed      TEXT NOT NULL,           -- the fields on which sources differ, joined by a comma; '' when none
    first_told    TEXT                     -- publication day of its first account
);
CREATE INDEX incidents_oldest ON incidents (coalesce(date_start, '~'), id);
CREATE INDEX incidents_latest ON incidents (coalesce(date_start, ''), id);
CREATE INDEX incidents_place ON incidents (place, id);
CREATE INDEX incidents_type ON incidents (type, id);
CREATE INDEX incidents_country ON incidents (country);
CREATE INDEX incidents_disputed ON incidents (coalesce(date_start, '~'), id) WHERE disputed <> '';

-- An incident as one dispatch tells it.
CREATE TABLE accounts (
    id            INTEGER PRIMARY KEY,
    public_id     TEXT NOT NULL UNIQUE,    -- never reused; any account's id finds the incident it lies in
    dispatch_id   INTEGER NOT NULL REFERENCES dispatches (id),
    item          TEXT NOT NULL,
    incident_id   TEXT REFERENCES incidents (id),
    type          TEXT NOT NULL,
    date_start    TEXT,
    date_end      TEXT,
    date_basis    TEXT,
    place         TEXT,
    place_words   TEXT, place_start INTEGER, place_end INTEGER,
    admin1        TEXT,
    country       TEXT,
    lat           REAL,
    lon           REAL,
    geonames_id   INTEGER,
    precision     TEXT,
    background    INTEGER NOT NULL,
    modality      TEXT NOT NULL,
    confidence    TEXT NOT NULL,
    trigger_words TEXT NOT NULL, trigger_start INTEGER NOT NULL, trigger_end INTEGER NOT NULL,
    node_id       INTEGER NOT NULL REFERENCES link_nodes (id)
);
CREATE INDEX accounts_node ON accounts (node_id);
CREATE INDEX accounts_dispatch ON accounts (dispatch_id, incident_id);
CREATE INDEX accounts_incident ON accounts (incident_id, dispatch_id);
CREATE INDEX accounts_place ON accounts (place, dispatch_id);

-- Ids that are no longer any account's: a correction dropped or renumbered it. An id is never reused.
CREATE TABLE retired_ids (
    old_id       TEXT PRIMARY KEY,
    new_id       TEXT,                     -- the account that tells the same now; null when none does
    reason       TEXT NOT NULL,
    dispatch_id  INTEGER,                  -- with item: what a person set aside, which an undo brings back under its id
    item         TEXT
) WITHOUT ROWID;
CREATE INDEX retired_ids_dispatch ON retired_ids (dispatch_id) WHERE item IS NOT NULL;

CREATE TABLE figures (
    id            INTEGER PRIMARY KEY,
    account_id    INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    item          TEXT NOT NULL,
    measure       TEXT NOT NULL,           -- killed, injured, destroyed …
    low           INTEGER,
    high          INTEGER,
    qualifier     TEXT NOT NULL,           -- exact, at_least, up_to, about, more_than, vague
    counted       TEXT NOT NULL,           -- what is counted: people, children, trucks …
    out_of        INTEGER,                 -- the denominator in "18 of 31 trucks"
    part_of       TEXT,                    -- item of the figure it is a part of
    hedged        INTEGER NOT NULL,
    speaker       TEXT NOT NULL REFERENCES actor_names (name), -- who gives it; 'outlet' for the outlet's own voice
    statement     TEXT,                    -- item of the statement it was given in
    words         TEXT NOT NULL, words_start INTEGER NOT NULL, words_end INTEGER NOT NULL
);
CREATE INDEX figures_account ON figures (account_id);
CREATE INDEX figures_speaker ON figures (speaker, account_id);

CREATE TABLE perpetrators (
    id            INTEGER PRIMARY KEY,
    account_id    INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    item          TEXT NOT NULL,           -- its address within the account: a letter and a number
    actor         TEXT NOT NULL REFERENCES actor_names (name),
    stance        TEXT NOT NULL,           -- asserts, accuses, admits, denies, suspects, suggests
    speaker       TEXT NOT NULL REFERENCES actor_names (name),
    statement     TEXT,
    words         TEXT NOT NULL, words_start INTEGER NOT NULL, words_end INTEGER NOT NULL
);
CREATE INDEX perpetrators_account ON perpetrators (account_id);
CREATE INDEX perpetrators_actor ON perpetrators (actor, account_id);
CREATE INDEX perpetrators_speaker ON perpetrators (speaker, account_id);

CREATE TABLE victims (
    id            INTEGER PRIMARY KEY,
    account_id    INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    item          TEXT NOT NULL,           -- its address within the account: a letter and a number
    victim        TEXT NOT NULL,
    words         TEXT NOT NULL, words_start INTEGER NOT NULL, words_end INTEGER NOT NULL
);
CREATE INDEX victims_account ON victims (account_id);

-- Who says what about an incident's means, date, place or cause.
CREATE TABLE claims (
    id            INTEGER PRIMARY KEY,
    account_id    INTEGER NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    item          TEXT NOT NULL,           -- its address within the account: a letter and a number
    field         TEXT NOT NULL,           -- means, date, place, cause
    value         TEXT NOT NULL,
    speaker       TEXT NOT NULL REFERENCES actor_names (name),
    statement     TEXT,
    words         TEXT NOT NULL, words_start INTEGER NOT NULL, words_end INTEGER NOT NULL
);
CREATE INDEX claims_account ON claims (account_id);

-- An accord of the ledger: all accounts of one agreement.
CREATE TABLE accords (
    id            TEXT PRIMARY KEY,
    kind          TEXT NOT NULL,
    name          TEXT NOT NULL,
    place         TEXT,
    date          TEXT,
    parties       TEXT NOT NULL,           -- joined by "; "
    brokers       TEXT NOT NULL,
    accounts      INTEGER NOT NULL,
    disputed      TEXT NOT NULL,
    first_told    TEXT
);

-- An accord as one dispatch tells it.
CREATE TABLE accord_accounts (
    id            INTEGER PRIMARY KEY,
    public_id     TEXT NOT NULL UNIQUE,
    dispatch_id   INTEGER NOT NULL REFERENCES dispatches (id),
    item          TEXT NOT NULL,
    accord_id     TEXT REFERENCES accords (id),
    kind          TEXT NOT NULL,
    name          TEXT NOT NULL,
    parties       TEXT NOT NULL,
    brokers       TEXT NOT NULL,
    place         TEXT,
    date          TEXT,
    documents     INTEGER,
    words         TEXT NOT NULL, words_start INTEGER NOT NULL, words_end INTEGER NOT NULL,
    node_id       INTEGER NOT NULL REFERENCES link_nodes (id)
);
CREATE INDEX accord_accounts_node ON accord_accounts (node_id);
CREATE INDEX accord_accounts_dispatch ON accord_accounts (dispatch_id);
CREATE INDEX accord_accounts_accord ON accord_accounts (accord_id);

CREATE TABLE status_claims (
    id            INTEGER PRIMARY KEY,
    accord_account_id INTEGER NOT NULL REFERENCES accord_accounts (id) ON DELETE CASCADE,
    item          TEXT NOT NULL,           -- its address within the account: a letter and a number
    status        TEXT NOT NULL,           -- proposed, agreed, signed, announced, in_force, violated …
    party         TEXT REFERENCES actor_names (name),
    blamed        TEXT REFERENCES actor_names (name),
    modality      TEXT NOT NULL,           -- only 'asserted' can move a state
    date          TEXT,
    speaker       TEXT NOT NULL REFERENCES actor_names (name),
    statement     TEXT,
    words         TEXT NOT NULL, words_start INTEGER NOT NULL, words_end INTEGER NOT NULL
);
CREATE INDEX status_claims_accord ON status_claims (accord_account_id);

-- Where a dispatch's own arithmetic or calendar does not add up.
CREATE TABLE checks (
    id            INTEGER PRIMARY KEY,
    dispatch_id   INTEGER NOT NULL REFERENCES dispatches (id),
    kind          TEXT NOT NULL,           -- sum, calendar
    message       TEXT NOT NULL,
    words         TEXT, words_start INTEGER, words_end INTEGER
);
CREATE INDEX checks_dispatch ON checks (dispatch_id);

-- ── How accounts are tied ──────────────────────────────────────────────────────────────────────────────────────

-- What linking compares: one node for each account, or for all accounts that are letter for letter the same.
CREATE TABLE link_nodes (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,  -- never reused: writers keep nodes at hand
    kind        TEXT NOT NULL CHECK (kind IN ('incident', 'accord')),
    key         TEXT NOT NULL,             -- hash of the facts
    facts       TEXT NOT NULL,             -- JSON
    UNIQUE (kind, key)
);

-- The blocks a node stands in: only nodes that share a key are compared.
CREATE TABLE link_keys (
    kind        TEXT NOT NULL CHECK (kind IN ('incident', 'accord')),
    key         TEXT NOT NULL,
    node_id     INTEGER NOT NULL REFERENCES link_nodes (id) ON DELETE CASCADE,
    PRIMARY KEY (kind, key, node_id)
) WITHOUT ROWID;
CREATE INDEX link_keys_node ON link_keys (node_id);

-- Pairs whose score is high enough to tie them. Scores are whole points; docs/ledger.md explains the terms.
CREATE TABLE links (
    a           INTEGER NOT NULL REFERENCES link_nodes (id) ON DELETE CASCADE,
    b           INTEGER NOT NULL REFERENCES link_nodes (id) ON DELETE CASCADE,
    points      INTEGER NOT NULL,
    PRIMARY KEY (a, b),
    CHECK (a < b)
) WITHOUT ROWID;
CREATE INDEX links_b ON links (b);

-- The shingle hashes of a text that near-duplicates are found by.
CREATE TABLE echo_keys (
    key          INTEGER NOT NULL,
    dispatch_id  INTEGER NOT NULL REFERENCES dispatches (id),
    PRIMARY KEY (key, dispatch_id)
) WITHOUT ROWID;
CREATE INDEX echo_keys_dispatch ON echo_keys (dispatch_id);

-- ── Disputes ───────────────────────────────────────────────────────────────────────────────────────────────────

-- A field of one incident or accord on which sources differ.
CREATE TABLE disputes (
    id           INTEGER PRIMARY KEY,
    incident_id  TEXT REFERENCES incidents (id) ON DELETE CASCADE,
    accord_id    TEXT REFERENCES accords (id) ON DELETE CASCADE,
    field        TEXT NOT NULL,            -- killed, injured, perpetrator, type, place, date, status …
    low          INTEGER,                  -- over all positions; null where the field is no number
    high         INTEGER,
    best         INTEGER,                  -- chosen by best_rule, or null: then nothing chooses
    best_rule    TEXT,
    CHECK ((incident_id IS NULL) <> (accord_id IS NULL))
);
CREATE INDEX disputes_incident ON disputes (incident_id);
CREATE INDEX disputes_accord ON disputes (accord_id);

-- The positions of a dispute: who says what, in which words of which dispatch.
CREATE TABLE positions (
    dispute_id   INTEGER NOT NULL REFERENCES disputes (id) ON DELETE CASCADE,
    number       INTEGER NOT NULL,
    value        TEXT NOT NULL,
    speaker      TEXT NOT NULL,
    dispatch_id  INTEGER NOT NULL REFERENCES dispatches (id),
    words        TEXT NOT NULL, words_start INTEGER NOT NULL, words_end INTEGER NOT NULL,
    PRIMARY KEY (dispute_id, number)
) WITHOUT ROWID;

CREATE INDEX positions_dispatch ON positions (dispatch_id);

-- ── Full text ──────────────────────────────────────────────────────────────────────────────────────────────────

CREATE VIEW current_texts AS
    SELECT d.id AS id, coalesce(d.headline, '') AS headline, v.text AS text
    FROM dispatches d JOIN versions v ON v.dispatch_id = d.id AND v.number = d.version;

CREATE VIRTUAL TABLE dispatch_search USING fts5 (
    headline, text, content = 'current_texts', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2');

CREATE VIRTUAL TABLE statement_search USING fts5 (
    speaker, content, content = 'statements', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2');

-- ── Views for the common questions ─────────────────────────────────────────────────────────────────────────────

-- Every account with its dispatch and the incident it belongs to.
CREATE VIEW incident_accounts AS
    SELECT a.incident_id, d.namespace, d.source_id AS dispatch, d.outlet, d.published, d.headline, a.item, a.public_id,
           a.type, a.date_start, a.date_end, a.place, a.country, a.background, a.modality, a.trigger_words
    FROM accounts a JOIN dispatches d ON d.id = a.dispatch_id;

-- Every figure with who gives it, where.
CREATE VIEW tolls AS
    SELECT a.incident_id, f.measure, f.low, f.high, f.qualifier, f.counted, f.out_of, f.part_of, f.hedged,
           f.speaker, d.outlet, d.published, d.source_id AS dispatch, f.words, f.words_start, f.words_end
    FROM figures f JOIN accounts a ON a.id = f.account_id JOIN dispatches d ON d.id = a.dispatch_id;

-- Who blames, clears or owns up, for which incident.
CREATE VIEW responsibility AS
    SELECT a.incident_id, p.actor, n.actor AS actor_key, p.stance, p.speaker, d.outlet, d.published,
           d.source_id AS dispatch, p.words, p.words_start, p.words_end
    FROM perpetrators p JOIN actor_names n ON n.name = p.actor
    JOIN accounts a ON a.id = p.account_id JOIN dispatches d ON d.id = a.dispatch_id;

-- Violations of accords by reporter and blamed party. Counts are of claims: never add them up across reporters.
CREATE VIEW violations AS
    SELECT aa.accord_id, s.speaker AS reporter, coalesce(s.blamed, 'nobody named') AS blamed, count(*) AS claims
    FROM status_claims s JOIN accord_accounts aa ON aa.id = s.accord_account_id
    WHERE s.status = 'violated' AND s.modality = 'asserted'
    GROUP BY aa.accord_id, s.speaker, s.blamed;

-- Actors with all their names.
CREATE VIEW actors AS
    SELECT n.actor AS id, min(n.name) AS name, count(*) AS names, group_concat(n.name, '; ') AS all_names
    FROM actor_names n GROUP BY n.actor;
