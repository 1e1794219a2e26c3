
-- ── People's decisions ─────────────────────────────────────────────────────────────────────────────────────────

-- Every human decision, in order. Never deleted; an undo is an entry that names the one it undoes. Only a redaction
-- changes words here, where they are those that must go.
CREATE TABLE review_log (
    id           INTEGER PRIMARY KEY,
    uid          TEXT NOT NULL UNIQUE,     -- public id, the same in every ledger that the decision is carried to
    at           TEXT NOT NULL,            -- RFC 3339, given by whoever decides
    reviewer     TEXT NOT NULL,
    action       TEXT NOT NULL CHECK (action IN
                 ('accept', 'reject', 'edit', 'add', 'merge', 'split', 'not_same', 'note', 'kill', 'withhold', 'restore',
                  'redact', 'undo')),
    target_kind  TEXT NOT NULL,            -- incident, figure, statement, accord, dispatch …
    target       TEXT NOT NULL,            -- as the reviewer named it
    field        TEXT,                     -- of an edit
    value        TEXT,                     -- JSON: what was set or added
    was          TEXT,                     -- JSON: what the reader had read
    why          TEXT,
    undoes       INTEGER REFERENCES review_log (id)
);
CREATE INDEX review_log_target ON review_log (target);
CREATE INDEX review_log_undoes ON review_log (undoes) WHERE undoes IS NOT NULL;

CREATE TRIGGER review_log_is_kept BEFORE DELETE ON review_log
BEGIN SELECT RAISE(ABORT, 'the review log is append-only'); END;

-- What a decision is about: words in a dispatch (a Web Annotation selector), so that it is found again in a later
-- reading or another version of the text. Offsets are code points of the text that the reviewer saw.
CREATE TABLE review_anchors (
    log_id        INTEGER NOT NULL REFERENCES review_log (id),
    number        INTEGER NOT NULL,
    side          TEXT NOT NULL CHECK (side IN ('a', 'b')),  -- merge, split, not_same: which of the two
    namespace     TEXT NOT NULL,
    source_id     TEXT NOT NULL,
    text_sha256   TEXT NOT NULL,
    kind          TEXT NOT NULL,
    detail        TEXT NOT NULL,           -- what tells it from others of these words: a measure, an actor, a status
    exact         TEXT NOT NULL,
    prefix        TEXT NOT NULL,
    suffix        TEXT NOT NULL,
    words_start   INTEGER NOT NULL,
    words_end     INTEGER NOT NULL,
    parent        TEXT,                    -- JSON: the same of the account it belongs to
    state         TEXT NOT NULL CHECK (state IN ('attached', 'orphaned', 'waiting')),  -- waiting: its dispatch is not here
    item          TEXT,                    -- where it is attached in the current record
    public_id     TEXT,                    -- the account's, when it is one
    PRIMARY KEY (log_id, number)
) WITHOUT ROWID;
CREATE INDEX review_anchors_dispatch ON review_anchors (namespace, source_id);
CREATE INDEX review_anchors_public_id ON review_anchors (public_id) WHERE public_id IS NOT NULL;
CREATE INDEX review_anchors_orphaned ON review_anchors (log_id) WHERE state = 'orphaned';

-- A person's word on two accounts, worked out from merges and splits that stand: the same, or not the same.
CREATE TABLE link_decisions (
    a           TEXT NOT NULL,
    b           TEXT NOT NULL,
    verdict     TEXT NOT NULL CHECK (verdict IN ('same', 'not_same')),
    log_id      INTEGER NOT NULL REFERENCES review_log (id),
    PRIMARY KEY (a, b, log_id),
    CHECK (a < b)
) WITHOUT ROWID;
CREATE INDEX link_decisions_b ON link_decisions (b);
CREATE INDEX link_decisions_log ON link_decisions (log_id);

-- Decisions that stand: not undone, and no undo themselves.
CREATE VIEW standing_decisions AS
    SELECT l.* FROM review_log l
    WHERE l.action <> 'undo' AND NOT EXISTS (SELECT 1 FROM review_log u WHERE u.undoes = l.id);

-- Who works on what in the queue, until when.
CREATE TABLE review_claims (
    item   TEXT PRIMARY KEY,
    who    TEXT NOT NULL,
    until  TEXT NOT NULL
) WITHOUT ROWID;

-- The queue in its order: what sources differ on, most sources first; what the reader is unsure of.
CREATE INDEX incidents_queue ON incidents (-sources, id, place, date_start) WHERE disputed <> '';
CREATE INDEX accords_queue ON accords (-accounts, id) WHERE disputed <> '';
CREATE INDEX accounts_unsure ON accounts (id, place, date_start) WHERE confidence = 'low';

-- What was decided on a dispatch that its outlet took back is looked at again.
CREATE INDEX dispatches_withdrawn ON dispatches (namespace, source_id) WHERE state <> 'live';

-- A link that is hardly one is looked at by a person first.
CREATE INDEX links_near ON links (points) WHERE points < 54;
