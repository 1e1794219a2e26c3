-- Where two dispatches do not go together: arithmetic and calendar across dispatches. A check says what does not fit, in
-- which words of which two dispatches, and never which of them is right. Worked out anew with its incident or accord.
CREATE TABLE cross_checks (
    id            INTEGER PRIMARY KEY,
    incident_id   TEXT REFERENCES incidents (id) ON DELETE CASCADE,
    accord_id     TEXT REFERENCES accords (id) ON DELETE CASCADE,
    kind          TEXT NOT NULL,           -- toll_falls, part_exceeds_total, two_totals, told_before, in_force_before_agreed
    message       TEXT NOT NULL,
    day           TEXT NOT NULL,           -- publication day of the later one; '' where it is not known
    dispatch_a    INTEGER NOT NULL REFERENCES dispatches (id),
    by_a          TEXT NOT NULL,           -- who says so; 'outlet' in the outlet's own voice
    words_a       TEXT NOT NULL, words_a_start INTEGER NOT NULL, words_a_end INTEGER NOT NULL,
    dispatch_b    INTEGER NOT NULL REFERENCES dispatches (id),
    by_b          TEXT NOT NULL,
    words_b       TEXT NOT NULL, words_b_start INTEGER NOT NULL, words_b_end INTEGER NOT NULL,
    CHECK ((incident_id IS NULL) <> (accord_id IS NULL))
);
CREATE INDEX cross_checks_incident ON cross_checks (incident_id);
CREATE INDEX cross_checks_accord ON cross_checks (accord_id);
CREATE INDEX cross_checks_a ON cross_checks (dispatch_a);
CREATE INDEX cross_checks_b ON cross_checks (dispatch_b);
