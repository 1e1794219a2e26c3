
-- ── What changed when ──────────────────────────────────────────────────────────────────────────────────────────

-- What the ledger learnt, changed or came to dispute, written as it happens: a row for each incident or accord that a
-- filing or a decision made or changed, never for one that stayed as it was. Rows are values as they were then, so that
-- the answer to "what changed since" does not depend on what came later.
CREATE TABLE history (
    id            INTEGER PRIMARY KEY,
    at            TEXT NOT NULL,            -- RFC 3339, of the filing or decision
    reviewer      TEXT,                     -- null: by the machine
    decision      TEXT,                     -- review_log.uid
    what          TEXT NOT NULL,            -- new, gone, joined, parted, told_again, value, figure, disputed, settled, state, dispatch
    kind          TEXT NOT NULL CHECK (kind IN ('incident', 'accord', 'dispatch')),
    subject       TEXT NOT NULL,            -- public id; namespace:id of a dispatch
    about         TEXT NOT NULL,            -- what it was called then
    field         TEXT,                     -- killed, date, perpetrator; of a state: the party
    before        TEXT,
    after         TEXT,
    words_before  TEXT,                     -- the exact words of the values
    words_after   TEXT,
    source        TEXT                      -- who says so, where
);
CREATE INDEX history_at ON history (at, id);
CREATE INDEX history_subject ON history (subject, id);

-- The state of each party of an accord, by the rules in docs/ledger.md; worked out anew with the accord.
CREATE TABLE accord_states (
    accord_id  TEXT NOT NULL REFERENCES accords (id) ON DELETE CASCADE,
    party      TEXT NOT NULL,
    status     TEXT NOT NULL,
    since      TEXT,
    speaker    TEXT NOT NULL,
    rule       TEXT NOT NULL,
    PRIMARY KEY (accord_id, party)
) WITHOUT ROWID;
