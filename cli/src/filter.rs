//! What a list, an export and a report are narrowed to: one set of options with one meaning.

use clap::Args as ClapArgs;
use jiff::civil::Date;
use ledger::query::Filter;

/// Days, a place, an actor: what everything drawn from a ledger can be narrowed to.
#[derive(Debug, Clone, Default, ClapArgs)]
pub struct AboutArgs {
    /// From this day on (YYYY-MM-DD): the day of the incident; else of publication
    #[arg(long, value_name = "DATE")]
    pub since: Option<Date>,
    /// Up to this day
    #[arg(long, value_name = "DATE")]
    pub until: Option<Date>,
    /// Only with this place: part of its or its province's name, or a country's two letters
    #[arg(long, value_name = "NAME")]
    pub place: Option<String>,
    /// Only with this actor: part of the name of a speaker, a blamed one, a party
    #[arg(long, value_name = "NAME")]
    pub actor: Option<String>,
}

/// What lists and exports can be narrowed to besides.
#[derive(Debug, Clone, Default, ClapArgs)]
pub struct FilterArgs {
    #[command(flatten)]
    pub about: AboutArgs,
    /// Only where the text has these words ("quoted" words stand together)
    #[arg(long, value_name = "WORDS")]
    pub text: Option<String>,
    /// Only those of this outlet, named as the dispatches name it
    #[arg(long, value_name = "NAME")]
    pub outlet: Option<String>,
    /// Only with this kind of act (`air_strike`, `shelling` …)
    #[arg(long = "type", value_name = "KIND")]
    pub kind: Option<String>,
    /// Only dispatches that tell of an incident
    #[arg(long)]
    pub has_incident: bool,
    /// Only dispatches that tell of an accord
    #[arg(long)]
    pub has_accord: bool,
    /// Only those on which sources differ
    #[arg(long)]
    pub disputed: bool,
}

impl FilterArgs {
    /// The ledger's filter.
    pub fn filter(&self) -> Filter {
        let about = self.about.clone();
        Filter {
            since: about.since,
            until: about.until,
            place: about.place,
            actor: about.actor,
            text: self.text.clone(),
            outlet: self.outlet.clone(),
            kind: self.kind.clone(),
            disputed: self.disputed,
            has_incident: self.has_incident,
            has_accord: self.has_accord,
            ..Filter::default()
        }
    }
}
