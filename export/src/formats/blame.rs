//! What a table with one cell for the perpetrator may say, and about whom an incident tells.
//!
//! **The rule.** A cell that states "who did it" is filled only where nobody contests it:
//!
//! 1. an actor whom an outlet names in its own voice (`asserts`) or who owns up (`admits`) is *settled*;
//! 2. an actor who is only accused, suspected or hinted at is never settled, however many accuse it: the accusation is told
//!    in notes, with who makes it;
//! 3. where the ledger holds the perpetrator to be disputed, or anybody denies that a settled actor did it, nobody is
//!    settled, and all versions are told in notes.
//!
//! So a cell never takes a side that a reader of the notes could not check.

use std::collections::BTreeSet;

use atlas::{ActorClass, Atlas};
use ledger::query::{AccountWhole, IncidentRow, IncidentWhole, PerpetratorWhole};

use super::{Tally, codes};

/// Somebody named or described.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// As told.
    pub name: String,
    /// Class of `actor_classes.tsv`, `people` or nothing.
    pub class: &'static str,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// Whether the name is one of the atlas's, not only a description.
    pub known: bool,
}

impl Who {
    /// The actor behind a name or description.
    pub fn named(name: &str) -> Who {
        let atlas = Atlas::new();
        if let Some(actor) = atlas.actor(name) {
            let class = class_name(actor.class);
            return Who { name: name.to_owned(), class, country: actor.country.clone(), known: true };
        }
        if let Some(country) = atlas.country(name).or_else(|| atlas.country_by_capital(name)) {
            return Who {
                name: name.to_owned(),
                class: "government",
                country: Some(country.code.clone()),
                known: true,
            };
        }
        if let [person] = atlas.persons(name).as_slice() {
            let office = person.offices.last();
            let body = office.and_then(|o| o.body.as_deref()).and_then(|b| atlas.actor_by_id(b));
            return Who {
                name: name.to_owned(),
                class: body.map_or("government", |b| class_name(b.class)),
                country: office.and_then(|o| o.country.clone()).or_else(|| body.and_then(|b| b.country.clone())),
                known: true,
            };
        }
        let words = |part: &str| -> Vec<String> {
            let words = part.split(|c: char| c.is_whitespace() || c == '-');
            words.map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()).to_owned()).filter(|w| !w.is_empty()).collect()
        };
        let of = |part: &str| {
            let whole = atlas.country(part.trim());
            whole.or_else(|| words(part).iter().find_map(|w| atlas.demonym(w).or_else(|| atlas.country(w))))
        };
        // "The United States and Russia" is of no one country.
        let parts: Vec<_> = name.split(" and ").flat_map(|p| p.split(", ")).map(of).collect();
        let country = parts.iter().flatten().next().copied();
        let country = country.filter(|c| parts.iter().flatten().all(|o| o.code == c.code));
        Who {
            name: name.to_owned(),
            class: codes::class_in_words(name).unwrap_or_default(),
            country: country.map(|c| c.code.clone()),
            known: false,
        }
    }

    /// Its codes.
    pub fn codes(&self) -> codes::ClassCodes {
        codes::class(self.class)
    }

    /// ACLED's inter code, for an act in `country`.
    pub fn inter(&self, country: Option<&str>) -> &'static str {
        let codes = self.codes();
        let away = self.country.as_deref().is_some_and(|own| country.is_some_and(|c| c != own));
        if away { codes.abroad } else { codes.home }
    }

    /// Its country's codes.
    pub fn country_codes(&self) -> Option<codes::CountryCodes> {
        codes::country(self.country.as_deref()?)
    }
}

fn class_name(class: ActorClass) -> &'static str {
    match class {
        ActorClass::Government => "government",
        ActorClass::Military => "military",
        ActorClass::Rebel => "rebel",
        ActorClass::Militia => "militia",
        ActorClass::Police => "police",
        ActorClass::Intelligence => "intelligence",
        ActorClass::Agency => "agency",
        ActorClass::Court => "court",
        ActorClass::Party => "party",
        ActorClass::Intergovernmental => "intergovernmental",
        ActorClass::NonGovernmental => "non-governmental",
        ActorClass::Media => "media",
        ActorClass::Company => "company",
        ActorClass::Civilian => "civilian",
    }
}

/// What a table may take from an incident: the accounts that tell it as fact and stand, who is settled, who is struck.
#[derive(Debug)]
pub struct View<'a> {
    /// The incident's line.
    pub row: &'a IncidentRow,
    /// Accounts told as fact, of dispatches that stand.
    pub accounts: Vec<&'a AccountWhole>,
    /// Who did it, where that is settled.
    pub settled: Vec<Who>,
    /// Whether who did it is contested.
    pub contested: bool,
    /// Whom it struck.
    pub victims: Vec<Who>,
    /// The same in words, each once and the fuller ones for all.
    pub struck: Vec<String>,
}

/// The accounts of an incident whose dispatches stand.
pub fn standing(incident: &IncidentWhole) -> impl Iterator<Item = &AccountWhole> {
    incident.accounts.iter().filter(|a| a.dispatch.state == "live")
}

impl<'a> View<'a> {
    /// The view on an incident; none where it is no event that a table of facts may hold.
    pub fn of(incident: &'a IncidentWhole, tally: &mut Tally) -> Option<View<'a>> {
        if incident.incident.modality != "asserted" {
            tally.lose("incidents that nobody tells as fact (threatened, possible, to come, said not to be): left out");
            return None;
        }
        let accounts: Vec<&AccountWhole> = standing(incident).filter(|a| a.modality == "asserted").collect();
        if accounts.is_empty() {
            tally.lose("incidents told only by dispatches that were withdrawn: left out");
            return None;
        }
        let named = |p: &&PerpetratorWhole| matches!(p.stance.as_str(), "asserts" | "admits");
        let all = || accounts.iter().flat_map(|a| &a.perpetrators);
        let settled_keys: BTreeSet<&str> = all().filter(named).map(|p| p.key.as_str()).collect();
        let denied = all().any(|p| p.stance == "denies" && settled_keys.contains(p.key.as_str()));
        let contested = denied || incident.incident.disputed.iter().any(|d| d == "perpetrator");
        let mut settled: Vec<Who> = Vec::new();
        if !contested {
            let mut seen = BTreeSet::new();
            settled = all().filter(named).filter(|p| seen.insert(&p.key)).map(|p| Who::named(&p.actor)).collect();
        }
        let accused = all().any(|p| matches!(p.stance.as_str(), "accuses" | "suspects" | "suggests"));
        tally.lose_if(
            contested,
            "incidents whose perpetrator is contested: no actor is named, the versions stand in notes",
        );
        tally.lose_if(
            !contested && settled.is_empty() && accused,
            "incidents with accusations alone: no actor is named, the accusations stand in notes",
        );
        let mut seen = BTreeSet::new();
        let struck = accounts.iter().flat_map(|a| a.victims.iter().map(|v| v.victim.as_str()));
        let hurt = |m: &str| matches!(m, "killed" | "injured" | "killed_or_injured" | "captured" | "missing");
        let counted =
            accounts.iter().flat_map(|a| a.figures.iter().filter(|f| hurt(&f.measure)).map(|f| f.counted.as_str()));
        let told: Vec<&str> = accounts.iter().flat_map(|a| a.victims.iter().map(|v| v.victim.as_str())).collect();
        let victims = struck.chain(counted).filter(|v| seen.insert(v.to_lowercase())).map(Who::named).collect();
        Some(View { row: &incident.incident, accounts, settled, contested, victims, struck: fuller(&told) })
    }

    /// Whether those struck are civilians, as far as it is told: some are, and nobody among them is a fighter.
    pub fn strikes_civilians(&self) -> bool {
        let side = |w: &Who| w.codes().side;
        self.victims.iter().any(|w| side(w) == "civilians")
            && !self.victims.iter().any(|w| matches!(side(w), "state" | "group"))
    }

    /// The victim that stands for all in a cell: civilians before others, else the first whose class is known.
    pub fn victim(&self) -> Option<&Who> {
        let civilian = self.victims.iter().find(|w| w.codes().side == "civilians");
        civilian.or_else(|| self.victims.iter().find(|w| !w.codes().side.is_empty())).or_else(|| self.victims.first())
    }

    /// The account whose place is the incident's.
    pub fn placed(&self) -> Option<&'a AccountWhole> {
        let of_place = self.accounts.iter().find(|a| a.place.is_some() && a.place == self.row.place);
        of_place.or_else(|| self.accounts.iter().find(|a| a.place.is_some())).copied()
    }

    /// The precision of the incident's place.
    pub fn precision(&self) -> &'a str {
        self.placed().and_then(|a| a.precision.as_deref()).unwrap_or_default()
    }

    /// Whether the day comes from nothing but the day of publication.
    pub fn day_is_publication(&self) -> bool {
        let mut bases = self.accounts.iter().filter(|a| a.date_start.is_some()).map(|a| a.date_basis.as_deref());
        let mut some = false;
        bases.all(|b| {
            some = true;
            b == Some("published")
        }) && some
    }

    /// Lowest and highest number of dead, where any is given.
    pub fn dead(&self) -> Option<(i64, i64)> {
        let low = self.row.killed_low.or(self.row.killed_high)?;
        Some((low, self.row.killed_high.unwrap_or(low)))
    }

    /// The number that ACLED's practice writes where no number but words are given ("dozens").
    pub fn vaguely_dead(&self) -> Option<i64> {
        let words =
            self.accounts.iter().flat_map(|a| &a.figures).filter(|f| f.measure == "killed" && f.part_of.is_none());
        words.filter_map(|f| codes::vague(&f.words.text)).min()
    }

    /// The outlets that tell it, each once, in order of publication.
    pub fn outlets(&self) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let names =
            self.accounts.iter().map(|a| a.dispatch.outlet.clone().unwrap_or_else(|| a.dispatch.namespace.clone()));
        names.filter(|n| seen.insert(n.clone())).collect()
    }
}

/// The descriptions that no other one holds: "at least 12 people" and not "people" beside it.
fn fuller(names: &[&str]) -> Vec<String> {
    let lower: Vec<String> = names.iter().map(|n| n.to_lowercase()).collect();
    let kept = lower.iter().enumerate().filter(|(i, name)| {
        !lower
            .iter()
            .enumerate()
            .any(|(j, other)| j != *i && other.contains(*name) && (other.len() > name.len() || j < *i))
    });
    kept.filter_map(|(i, _)| names.get(i)).map(|n| (*n).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_descriptions_have_class_and_country() {
        let aircraft = Who::named("Russian aircraft");
        assert_eq!((aircraft.class, aircraft.country.as_deref(), aircraft.known), ("military", Some("RU"), false));
        assert_eq!((aircraft.inter(Some("SY")), aircraft.inter(Some("RU"))), ("8", "1"));
        let army = Who::named("Syrian army");
        assert_eq!((army.class, army.country.as_deref()), ("military", Some("SY")));
        assert_eq!(Who::named("Nusra Front").inter(Some("SY")), "2");
        assert_eq!(Who::named("residents").inter(Some("SY")), "7");
        assert_eq!(Who::named("the fog").inter(None), "");
        assert_eq!((Who::named("Moscow").class, Who::named("Moscow").country.as_deref()), ("government", Some("RU")));
        assert_eq!(Who::named("the United States and Russia").country, None);
        assert_eq!(fuller(&["people", "at least 12 people", "convoy", "Convoy"]), ["at least 12 people", "convoy"]);
    }
}
