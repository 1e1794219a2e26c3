//! Incidents on a map: a FeatureCollection (RFC 7946), a feature an incident, longitude before latitude. An incident without
//! coordinates has a null geometry; how finely its place is known stands beside it, so that a province is not drawn as a pin.

use std::io::Write;

use ledger::query::IncidentWhole;
use serde_json::{Value, json};

use super::blame::{View, standing};
use super::{Format, INCIDENTS, Result, Takes, Tally, prose};

/// Writes features as they come.
pub struct GeoJson<'w> {
    out: &'w mut dyn Write,
}

impl<'w> GeoJson<'w> {
    /// To `out`.
    pub fn new(out: &'w mut dyn Write) -> Self {
        GeoJson { out }
    }
}

impl Format for GeoJson<'_> {
    fn takes(&self) -> Takes {
        INCIDENTS
    }

    fn begin(&mut self, _tally: &mut Tally) -> Result {
        Ok(self.out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")?)
    }

    fn incident(&mut self, incident: &IncidentWhole, tally: &mut Tally) -> Result {
        let accounts: Vec<_> = standing(incident).collect();
        if accounts.is_empty() {
            tally.lose("incidents told only by dispatches that were withdrawn: left out");
            return Ok(());
        }
        let row = &incident.incident;
        let at = row.lon.zip(row.lat);
        tally.lose_if(at.is_none(), "incidents without coordinates: their geometry is null");
        let versions: Vec<Value> = accounts
            .iter()
            .map(|a| {
                json!({
                    "id": a.id, "outlet": a.dispatch.outlet, "published": a.dispatch.published, "url": a.dispatch.url, "words": a.words.text,
                    "figures": a.figures.iter().map(|f| json!({"measure": f.measure, "low": f.low, "high": f.high, "qualifier": f.qualifier,
                        "counted": f.counted, "by": f.by, "words": f.words.text})).collect::<Vec<_>>(),
                    "perpetrators": a.perpetrators.iter().map(|p| json!({"actor": p.actor, "stance": p.stance, "by": p.by,
                        "words": p.words.text})).collect::<Vec<_>>(),
                    "victims": a.victims.iter().map(|v| v.victim.as_str()).collect::<Vec<_>>(),
                })
            })
            .collect();
        let placed = accounts.iter().find(|a| a.place.is_some() && a.place == row.place);
        let mut unheard = Tally::default();
        let description = View::of(incident, &mut unheard).map(|v| prose::notes(&v));
        let feature = json!({
            "type": "Feature",
            "id": row.id,
            "geometry": at.map(|(lon, lat)| json!({"type": "Point", "coordinates": [lon, lat]})),
            "properties": {
                "title": prose::headline(row), "type": row.kind, "date_start": row.date_start, "date_end": row.date_end, "place": row.place,
                "admin1": row.admin1, "country": row.country, "geonames_id": row.geonames_id,
                "precision": placed.and_then(|a| a.precision.clone()), "background": row.background, "modality": row.modality,
                "killed_low": row.killed_low, "killed_high": row.killed_high, "injured_low": row.injured_low,
                "injured_high": row.injured_high, "sources": row.sources, "disputed": row.disputed, "description": description,
                "accounts": versions,
            },
        });
        if tally.rows > 0 {
            self.out.write_all(b",")?;
        }
        self.out.write_all(b"\n")?;
        serde_json::to_writer(&mut *self.out, &feature)?;
        tally.rows += 1;
        Ok(())
    }

    fn end(&mut self, _tally: &mut Tally) -> Result {
        Ok(self.out.write_all(b"\n]}\n")?)
    }
}
