//! What a statement speaks of: the incidents and accords whose evidence or names stand in its content, and those of
//! which a figure, a perpetrator or a claim was read from it.

use std::collections::BTreeMap;

use record::{Incident, Statement};

use crate::Page;
use crate::accords::Accords;
use crate::reader::Found;

/// Fills in `about` for the record's statements, which are those of `found` in the same order.
pub fn fill(page: &Page, found: &Found, incidents: &[Incident], accords: &Accords, statements: &mut [Statement]) {
    let triggers: BTreeMap<usize, Vec<&str>> = incidents.iter().fold(BTreeMap::new(), |mut map, i| {
        map.entry(page.index.byte(i.trigger.start)).or_insert_with(Vec::new).push(i.id.as_str());
        map
    });
    for (statement, said) in statements.iter_mut().zip(found.statements.iter()) {
        for piece in &said.content {
            let named = accords.named.iter().skip(accords.named.partition_point(|&(at, _)| at < piece.start));
            let named = named.take_while(|&&(at, _)| at < piece.end).filter_map(|&(_, n)| accords.accords.get(n));
            statement.about.extend(triggers.range(piece.clone()).flat_map(|(_, ids)| ids).map(|id| (*id).to_owned()));
            statement.about.extend(named.map(|a| a.id.clone()));
        }
    }
    let mut add = |statement: &Option<String>, id: &str| {
        let number = statement.as_ref().and_then(|s| s.get(1..)).and_then(|n| n.parse::<usize>().ok());
        let statement = number.and_then(|n| statements.get_mut(n.checked_sub(1)?));
        statement.into_iter().for_each(|s| s.about.push(id.to_owned()));
    };
    for i in incidents {
        i.figures.iter().for_each(|f| add(&f.statement, &i.id));
        i.perpetrators.iter().for_each(|p| add(&p.statement, &i.id));
        i.claims.iter().for_each(|c| add(&c.statement, &i.id));
    }
    for a in &accords.accords {
        a.status_claims.iter().for_each(|c| add(&c.statement, &a.id));
    }
    for statement in statements {
        let number = |id: &String| id.get(1..).and_then(|n| n.parse::<usize>().ok()).unwrap_or(0);
        statement.about.sort_by_key(|id| (id.starts_with('a'), number(id)));
        statement.about.dedup();
    }
}
