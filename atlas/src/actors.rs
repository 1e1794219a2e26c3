//! Actors, persons and offices.

use jiff::civil::Date;

/// A state, body or group with its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Stable id, e.g. `islamic-state`.
    pub id: String,
    /// Canonical name.
    pub name: String,
    /// Other names, as listed.
    pub aliases: Vec<String>,
    /// What it is.
    pub class: ActorClass,
    /// ISO 3166 alpha-2 of the country it belongs to, if one.
    pub country: Option<String>,
}

/// What an [`Actor`] is (PLOVER's sectors, in words).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ActorClass {
    /// A state or its government as a whole.
    Government,
    /// Armed forces.
    Military,
    /// An armed group that fights a state.
    Rebel,
    /// An armed group that fights beside a state or for itself.
    Militia,
    /// Police, prisons, security services.
    Police,
    /// Intelligence services.
    Intelligence,
    /// A ministry, office or legislature.
    Agency,
    /// A court or prosecutor.
    Court,
    /// A party or movement.
    Party,
    /// An international body of states.
    Intergovernmental,
    /// A non-governmental organisation, monitor or charity.
    NonGovernmental,
    /// A newspaper, broadcaster or news agency.
    Media,
    /// A company.
    Company,
    /// A people or community.
    Civilian,
}

/// A person who holds or held offices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Stable id, e.g. `john-kerry`.
    pub id: String,
    /// Canonical full name.
    pub name: String,
    /// Other spellings.
    pub aliases: Vec<String>,
    /// The offices, oldest first.
    pub offices: Vec<Office>,
}

/// An office and when it was held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// "Secretary of State".
    pub title: String,
    /// Id of the actor it belongs to.
    pub body: Option<String>,
    /// ISO 3166 alpha-2 of the country, if one.
    pub country: Option<String>,
    /// First day held.
    pub from: Option<Date>,
    /// Last day held; `None` while in office or unknown.
    pub to: Option<Date>,
}
