//! News or background: whether an incident is what the dispatch reports or what it recalls.
//!
//! What headline or lead tells is news. A state (a siege) told further down, an act before the day of the news, or one
//! told with "last year", "earlier" is background.

use jiff::civil::Date;
use record::IncidentType;

use super::lexicon::{Lexicon, lexicon};
use super::merging::{Draft, Unit};
use crate::Page;

/// Days of the news: those of the first dated incident of the lead, else the day of publication.
pub(super) fn news_day(units: &[Unit], lead: usize, published: Option<Date>) -> Option<Date> {
    let of_lead = units.iter().filter(|u| u.block <= lead && !u.headline).find_map(|u| u.whereabouts.days);
    of_lead.map(|(start, _)| start).or(published)
}

/// Whether a draft is background.
pub(super) fn is_background(
    page: &Page,
    units: &[Unit],
    draft: &Draft,
    kind: IncidentType,
    days: Option<(Date, Date)>,
    lead: usize,
    news: Option<Date>,
) -> bool {
    let told = || draft.units.iter().map(|&n| &units[n]);
    if kind == IncidentType::SiegeOrBlockade {
        return !told().any(|u| u.headline);
    }
    if told().any(|u| u.headline || u.block <= lead) {
        return false;
    }
    if let (Some((_, end)), Some(news)) = (days, news) {
        return end < news;
    }
    let recalled = |u: &Unit| {
        let sentence = page.analysis.sentences().get(u.sentence).cloned().unwrap_or_default();
        sentence.take(80).any(|i| Lexicon::has(page, &lexicon().frames.earlier, i))
    };
    days.is_none() && told().all(recalled)
}
