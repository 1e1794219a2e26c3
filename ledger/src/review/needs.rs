//! Why something needs a person, and the query behind each reason.

use serde::{Deserialize, Serialize};

/// Why something needs a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// A decision whose words have no place in the current reading.
    Orphaned,
    /// A decided item whose dispatch is killed or withheld.
    Withdrawn,
    /// Sources differ.
    Dispute,
    /// Two accounts tied with few points to spare.
    NearLink,
    /// The reader is unsure.
    LowConfidence,
    /// A dispatch's own numbers or days do not add up.
    Check,
}

impl Need {
    /// All, in order of rank.
    pub const ALL: [Need; 6] =
        [Need::Orphaned, Need::Withdrawn, Need::Dispute, Need::NearLink, Need::LowConfidence, Need::Check];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Need::Orphaned => "orphaned",
            Need::Withdrawn => "withdrawn",
            Need::Dispute => "dispute",
            Need::NearLink => "near_link",
            Need::LowConfidence => "low_confidence",
            Need::Check => "check",
        }
    }

    /// The queries of its rows, in files of their own kind of item.
    pub(super) fn parts(self) -> &'static [Part] {
        match self {
            Need::Orphaned => &[Part {
                rank: "l.id",
                key: "printf('%s:%03d', l.uid, a.number)",
                columns: "l.uid, NULL, l.action || ' ' || replace(a.kind, '_', ' ') || ' ' || l.target || ' by ' || l.reviewer,
                     'the words it was made on have no place in the current reading: decide again, or undo it', d.id, a.exact, -1, -1",
                dispatch: "d.id",
                from: "review_anchors a JOIN standing_decisions l ON l.id = a.log_id
                     LEFT JOIN dispatches d ON d.namespace = a.namespace AND d.source_id = a.source_id",
                that: "a.state = 'orphaned' AND l.action <> 'note'",
                order: "l.id, a.number",
                beyond: BEYOND,
                place: None,
                day: "substr(l.at, 1, 10)",
            }],
            Need::Withdrawn => &[Part {
                rank: "l.id",
                key: "printf('%s:%03d', l.uid, a.number)",
                columns: "l.uid, NULL, l.action || ' ' || replace(a.kind, '_', ' ') || ' ' || l.target || ' by ' || l.reviewer,
                     'its dispatch is ' || d.state || ': nothing of it counts', d.id, a.exact, -1, -1",
                dispatch: "d.id",
                from: "dispatches d JOIN review_anchors a ON a.namespace = d.namespace AND a.source_id = d.source_id
                     JOIN standing_decisions l ON l.id = a.log_id",
                that: "d.state <> 'live' AND l.action IN ('accept', 'edit', 'add', 'merge')",
                order: "l.id, a.number",
                beyond: BEYOND,
                place: None,
                day: "d.published",
            }],
            Need::Dispute => &[
                Part {
                    rank: "-i.sources",
                    key: "i.id",
                    columns: "i.id, NULL, replace(i.type, '_', ' ') || coalesce(', ' || i.place, '') || coalesce(', ' || i.date_start, ''),
                         'sources differ on ' || replace(replace(i.disputed, '_', ' '), ',', ', '),
                         p.dispatch_id, p.words, p.words_start, p.words_end",
                    dispatch: "p.dispatch_id",
                    from: "incidents i CROSS JOIN disputes q ON q.id = (SELECT min(id) FROM disputes WHERE incident_id = i.id)
                         CROSS JOIN positions p ON p.dispute_id = q.id AND p.number = 1",
                    that: "i.disputed <> '' AND EXISTS (SELECT 1 FROM accounts x WHERE x.incident_id = i.id AND NOT EXISTS (
                         SELECT 1 FROM review_anchors a JOIN standing_decisions l ON l.id = a.log_id
                         WHERE a.public_id = x.public_id AND l.action = 'accept'))",
                    order: "-i.sources, i.id",
                    beyond: BEYOND,
                    place: Some(Placed { column: "i.place", few: Some(("i.id", "SELECT id FROM incidents")) }),
                    day: "i.date_start",
                },
                Part {
                    rank: "-i.accounts",
                    key: "i.id",
                    columns: "i.id, NULL, i.name, 'sources differ on ' || replace(i.disputed, ',', ', '),
                         p.dispatch_id, p.words, p.words_start, p.words_end",
                    dispatch: "p.dispatch_id",
                    from: "accords i CROSS JOIN disputes q ON q.id = (SELECT min(id) FROM disputes WHERE accord_id = i.id)
                         CROSS JOIN positions p ON p.dispute_id = q.id AND p.number = 1",
                    that: "i.disputed <> '' AND EXISTS (SELECT 1 FROM accord_accounts x WHERE x.accord_id = i.id AND NOT EXISTS (
                         SELECT 1 FROM review_anchors a JOIN standing_decisions l ON l.id = a.log_id
                         WHERE a.public_id = x.public_id AND l.action = 'accept'))",
                    order: "-i.accounts, i.id",
                    beyond: BEYOND,
                    place: Some(Placed { column: "i.place", few: None }),
                    day: "coalesce(i.date, i.first_told)",
                },
            ],
            Need::NearLink => &[
                Part {
                    rank: "e.points",
                    key: PAIR,
                    columns: "x.public_id, y.public_id,
                         replace(x.type, '_', ' ') || coalesce(', ' || x.place, '') || coalesce(', ' || x.date_start, '') || ' / ' ||
                         replace(y.type, '_', ' ') || coalesce(', ' || y.place, '') || coalesce(', ' || y.date_start, ''),
                         'taken for one incident with ' || e.points || ' points; ' || 46 || ' are needed',
                         x.dispatch_id, x.trigger_words, x.trigger_start, x.trigger_end",
                    dispatch: "x.dispatch_id",
                    from: "links e CROSS JOIN accounts x ON x.id = (SELECT min(id) FROM accounts WHERE node_id = e.a)
                         CROSS JOIN accounts y ON y.id = (SELECT min(id) FROM accounts WHERE node_id = e.b)",
                    that: "e.points < 54 AND x.incident_id = y.incident_id AND NOT EXISTS (SELECT 1 FROM link_decisions v
                             WHERE v.a = min(x.public_id, y.public_id) AND v.b = max(x.public_id, y.public_id))
                         AND NOT (EXISTS (SELECT 1 FROM review_anchors a JOIN standing_decisions l ON l.id = a.log_id
                             WHERE a.public_id = x.public_id AND l.action = 'accept')
                         AND EXISTS (SELECT 1 FROM review_anchors a JOIN standing_decisions l ON l.id = a.log_id
                             WHERE a.public_id = y.public_id AND l.action = 'accept'))",
                    order: "e.points, e.a, e.b",
                    beyond: BEYOND_PAIR,
                    place: Some(Placed { column: "x.place", few: Some(("e.a", "SELECT node_id FROM accounts")) }),
                    day: "x.date_start",
                },
                Part {
                    rank: "e.points",
                    key: PAIR,
                    columns: "x.public_id, y.public_id, x.name || ' / ' || y.name,
                         'taken for one accord with ' || e.points || ' points; ' || 30 || ' are needed',
                         x.dispatch_id, x.words, x.words_start, x.words_end",
                    dispatch: "x.dispatch_id",
                    from: "links e CROSS JOIN accord_accounts x ON x.id = (SELECT min(id) FROM accord_accounts WHERE node_id = e.a)
                         CROSS JOIN accord_accounts y ON y.id = (SELECT min(id) FROM accord_accounts WHERE node_id = e.b)",
                    // The first condition is the index's own, which SQLite does not conclude from the second.
                    that: "e.points < 54 AND e.points < 38 AND x.accord_id = y.accord_id AND NOT EXISTS (SELECT 1 FROM link_decisions v
                             WHERE v.a = min(x.public_id, y.public_id) AND v.b = max(x.public_id, y.public_id))",
                    order: "e.points, e.a, e.b",
                    beyond: BEYOND_PAIR,
                    place: Some(Placed { column: "x.place", few: None }),
                    day: "x.date",
                },
            ],
            Need::LowConfidence => &[Part {
                rank: "x.id",
                key: "x.public_id",
                columns: "x.public_id, NULL,
                     replace(x.type, '_', ' ') || coalesce(', ' || x.place, '') || coalesce(', ' || x.date_start, ''),
                     'the reader is unsure of this account', x.dispatch_id, x.trigger_words, x.trigger_start, x.trigger_end",
                dispatch: "x.dispatch_id",
                from: "accounts x",
                that: "x.confidence = 'low' AND NOT EXISTS (
                     SELECT 1 FROM review_anchors a JOIN standing_decisions l ON l.id = a.log_id
                     WHERE a.public_id = x.public_id AND l.action IN ('accept', 'edit'))",
                order: "x.id",
                beyond: "x.id > ?1",
                place: Some(Placed { column: "x.place", few: Some(("x.id", "SELECT id FROM accounts")) }),
                day: "x.date_start",
            }],
            Need::Check => &[Part {
                rank: "c.id",
                key: "CAST(c.id AS TEXT)",
                columns: "d.namespace || ':' || d.source_id, NULL, c.kind || ' check', c.message, d.id,
                     coalesce(c.words, ''), coalesce(c.words_start, -1), coalesce(c.words_end, -1)",
                dispatch: "d.id",
                from: "checks c CROSS JOIN dispatches d ON d.id = c.dispatch_id",
                that: "NOT EXISTS (SELECT 1 FROM review_anchors a JOIN standing_decisions l ON l.id = a.log_id
                     WHERE a.namespace = d.namespace AND a.source_id = d.source_id AND a.kind = 'dispatch' AND l.action = 'accept')",
                order: "c.id",
                beyond: "c.id > ?1",
                place: None,
                day: "d.published",
            }],
        }
    }
}

/// A query of the queue. An index has the order of its rows, so that a page costs what it shows, and not what waits.
pub(super) struct Part {
    /// A whole number: the smallest comes first.
    pub rank: &'static str,
    /// What the row is called, and what orders rows of one rank.
    pub key: &'static str,
    /// Id, other id, about, why, dispatch row, words, start, end.
    pub columns: &'static str,
    /// The dispatch's column, as in `columns`.
    pub dispatch: &'static str,
    pub from: &'static str,
    pub that: &'static str,
    /// Rank and key in the words of an index.
    pub order: &'static str,
    /// The condition that a row lies behind rank `?1` and key `?2`; [`BEYOND`] is written with the part's own.
    pub beyond: &'static str,
    pub place: Option<Placed>,
    pub day: &'static str,
}

/// How a row is found by its place.
pub(super) struct Placed {
    /// The column with the place's name.
    pub column: &'static str,
    /// The column that rows are found by where few are at the place, and what selects its values among `place`s.
    pub few: Option<(&'static str, &'static str)>,
}

/// A row lies behind a rank and a key.
const BEYOND: &str = "RANK >= ?1 AND (RANK > ?1 OR KEY > ?2)";

/// The key of a pair of linked nodes: it sorts as the two numbers do.
const PAIR: &str = "printf('%012d-%012d', e.a, e.b)";

/// A pair lies behind a rank and a key.
const BEYOND_PAIR: &str =
    "(e.points, e.a, e.b) > (?1, CAST(substr(?2, 1, 12) AS INTEGER), CAST(substr(?2, 14) AS INTEGER))";
