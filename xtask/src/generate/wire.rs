//! The generated wire: acts day by day, and the dispatches that tell of them.

use std::collections::VecDeque;

use jiff::civil::{Date, date};
use record::{
    Accord, AccordKind, ActorKind, ActorMention, Confidence, DateBasis, Dispatch, Figure, Incident, IncidentType,
    Measure, Mentions, Modality, Mode, Perpetrator, Place, PlaceBasis, PlaceMention, Precision, PublishedBasis,
    Qualifier, Record, Section, Span, Stance, Statement, StatementKind, Status, StatusClaim, TimeKind, TimeMention,
    Victim,
};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
struct Words {
    syllables: Vec<String>,
    countries: Vec<String>,
    outlets: Vec<String>,
    sides: Vec<String>,
    bodies: Vec<String>,
    offices: Vec<String>,
    groups: Vec<String>,
    cues: Vec<(String, Mode)>,
    claims: Vec<String>,
    filler: Vec<String>,
    acts: Vec<(IncidentType, String)>,
    targets: Vec<String>,
}

/// Random numbers (SplitMix64): the same seed gives the same wire on every machine.
#[derive(Debug, Clone)]
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    fn percent(&mut self, share: u64) -> bool {
        self.next() % 100 < share
    }

    /// One of many, the first ones far more often: as towns and speakers are named.
    fn famous(&mut self, bound: usize) -> usize {
        let unit = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        ((bound as f64).powf(unit) - 1.0) as usize % bound.max(1)
    }

    fn one<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

#[derive(Debug, Clone)]
struct Town {
    name: String,
    province: String,
    country: String,
    point: (f64, f64),
    id: u32,
}

/// Something that happened.
#[derive(Debug, Clone)]
struct Act {
    kind: usize,
    town: usize,
    target: usize,
    day: Date,
    killed: u64,
    injured: u64,
    side: usize,
    group: usize,
}

/// How many dispatches a day has.
const A_DAY: usize = 70;

/// How many acts a day has at most where each is told once.
const ACTS_A_DAY: usize = 100;

/// How many towns and how many speakers by name there are.
const TOWNS: usize = 3_000;
const PERSONS: usize = 6_000;

/// The records of a wire, in order of publication.
#[derive(Debug)]
pub struct Wire {
    words: Words,
    chance: Chance,
    towns: Vec<Town>,
    persons: Vec<String>,
    dispatches: usize,
    statements: usize,
    /// Where it is asked for, how many acts are told over all dispatches: each once, in towns of equal fame.
    acts: Option<usize>,
    made: usize,
    lent: i64,
    /// Acts that may still be told.
    fresh: VecDeque<Act>,
    /// Stories of the day that others may copy.
    copied: VecDeque<Record>,
    seed: u64,
}

impl Wire {
    /// So many dispatches with so many statements.
    pub fn new(seed: u64, dispatches: usize, statements: usize) -> Wire {
        let words: Words = toml::from_str(include_str!("words.toml")).expect("the words are checked by a test");
        // Towns and persons are the same for every seed, so that two wires tell of one world.
        let mut chance = Chance(7);
        let name = |chance: &mut Chance, parts: usize| -> String {
            let raw: String = (0..parts).map(|_| chance.one(&words.syllables).as_str()).collect();
            let mut letters = raw.chars();
            letters.next().map(|c| c.to_uppercase().chain(letters).collect()).unwrap_or_default()
        };
        let provinces: Vec<(String, usize)> =
            (0..60).map(|n| (format!("{} province", name(&mut chance, 3)), n % words.countries.len())).collect();
        let towns = (0..TOWNS)
            .map(|n| {
                let (province, country) = chance.one(&provinces).clone();
                let at = |chance: &mut Chance, from: f64| from + chance.below(100_000) as f64 / 10_000.0;
                let parts = if n < 200 { 2 } else { 3 + n % 2 };
                Town {
                    name: name(&mut chance, parts),
                    country: words.countries[country].clone(),
                    point: (
                        at(&mut chance, 10.0 + 12.0 * country as f64 / 2.0),
                        at(&mut chance, 20.0 + 10.0 * country as f64),
                    ),
                    province,
                    id: 90_000_000 + n as u32,
                }
            })
            .collect();
        let persons = (0..PERSONS)
            .map(|_| {
                let office = chance.one(&words.offices).clone();
                format!("{office} {} {}", name(&mut chance, 2), name(&mut chance, 3))
            })
            .collect();
        Wire {
            words,
            chance: Chance(seed.wrapping_mul(0x1000_0000_01b3)),
            towns,
            persons,
            dispatches,
            statements,
            acts: None,
            made: 0,
            lent: 0,
            fresh: VecDeque::new(),
            copied: VecDeque::new(),
            seed,
        }
    }

    /// With so many acts over all dispatches, each told by one alone: for ledgers of many incidents.
    pub fn telling(self, acts: usize) -> Wire {
        Wire { acts: Some(acts), ..self }
    }

    fn today(&self) -> Date {
        // Acts that are told once are strewn over the years, or they would be taken for one another.
        let a_day = self.acts.map_or(A_DAY, |acts| (self.dispatches * ACTS_A_DAY / acts.max(1)).clamp(1, A_DAY));
        date(2013, 1, 1).saturating_add(jiff::Span::new().days((self.made / a_day) as i64))
    }

    /// How many acts the next dispatch tells, where their number was asked for.
    fn acts_of_next(&self) -> Option<usize> {
        let upto = |n: usize, acts: usize| acts as u128 * n as u128 / self.dispatches.max(1) as u128;
        self.acts.map(|acts| (upto(self.made + 1, acts) - upto(self.made, acts)) as usize)
    }

    /// How many statements the next dispatch has: some more, some fewer, all together as many as asked for.
    fn share(&mut self) -> usize {
        let (made, total) = (self.made as u128, self.statements as u128);
        let upto = |n: u128| (total * n / self.dispatches.max(1) as u128) as i64;
        let fair = upto(made + 1) - upto(made) + self.lent;
        let last = self.made + 1 == self.dispatches;
        let swing = if last { 0 } else { self.chance.below(9) as i64 - 4 };
        let given = (fair + swing).max(0);
        self.lent = fair - given;
        given as usize
    }

    fn act(&mut self) -> Act {
        let day = self.today().saturating_sub(jiff::Span::new().days(i64::from(self.chance.percent(30))));
        let killed = self.chance.famous(90) as u64 + 1;
        Act {
            kind: self.chance.below(self.words.acts.len()),
            town: if self.acts.is_some() { self.chance.below(TOWNS) } else { self.chance.famous(TOWNS) },
            target: self.chance.below(self.words.targets.len()),
            day,
            killed,
            injured: killed + self.chance.below(40) as u64,
            side: self.chance.below(self.words.sides.len()),
            group: self.chance.famous(self.words.groups.len()),
        }
    }

    fn speaker(&mut self) -> String {
        if self.chance.percent(45) {
            self.chance.one(&self.words.bodies).clone()
        } else {
            self.persons[self.chance.famous(PERSONS)].clone()
        }
    }

    /// A phrase with its gaps filled.
    fn filled(&mut self, phrase: &str, town: usize) -> String {
        let town = if self.chance.percent(60) { town } else { self.chance.famous(TOWNS) };
        let number = 2 + self.chance.below(60);
        let side = self.chance.one(&self.words.sides).clone();
        phrase.replace("{place}", &self.towns[town].name).replace("{n}", &number.to_string()).replace("{side}", &side)
    }

    fn copy(&mut self, of: Record) -> Record {
        let mut record = of;
        record.id = format!("w{}-{}", self.seed, self.made);
        record.dispatch.id = record.id.clone();
        record.dispatch.outlet = Some(self.chance.one(&self.words.outlets).clone());
        record.dispatch.sha256 = ledger::digest::hex(record.id.as_bytes());
        record.dispatch.headline = Some(format!("Wire: {}", record.dispatch.headline.unwrap_or_default()));
        record
    }

    fn write(&mut self, statements: usize) -> Record {
        let published = self.today();
        while self.fresh.len() > 24 {
            self.fresh.pop_front();
        }
        let quiet = self.chance.percent(15);
        let mut page = Paper::default();
        let mut record = Record {
            schema: record::SCHEMA.to_owned(),
            id: format!("w{}-{}", self.seed, self.made),
            reader: "generated".to_owned(),
            dispatch: Dispatch {
                id: format!("w{}-{}", self.seed, self.made),
                outlet: Some(self.chance.one(&self.words.outlets).clone()),
                agency: None,
                url: None,
                headline: None,
                dek: None,
                language: Some("en".to_owned()),
                sha256: String::new(),
                dateline: None,
                published: Some(published),
                published_basis: Some(PublishedBasis::Metadata),
                sections: Vec::new(),
                text: String::new(),
                editorial: None,
                layout: Vec::new(),
                notes: Vec::new(),
            },
            statements: Vec::new(),
            incidents: Vec::new(),
            accords: Vec::new(),
            mentions: Mentions::default(),
            checks: Vec::new(),
            unread: Vec::new(),
            notes: Vec::new(),
        };
        let told = if quiet { 0 } else { 1 + usize::from(self.chance.percent(40)) };
        let told = self.acts_of_next().unwrap_or(told);
        let mut home = self.chance.famous(TOWNS);
        for number in 0..told {
            let act = if self.fresh.is_empty() || self.acts.is_some() || self.chance.percent(40) {
                let act = self.act();
                self.fresh.push_back(act.clone());
                act
            } else {
                let at = self.chance.below(self.fresh.len());
                self.fresh[at].clone()
            };
            home = act.town;
            self.tell(&mut page, &mut record, &act, number);
        }
        if self.chance.percent(4) {
            self.agree(&mut page, &mut record, home);
        }
        for number in 0..statements {
            if self.chance.percent(30) {
                let filler = self.chance.one(&self.words.filler).clone();
                let filler = self.filled(&filler, home);
                page.sentence(|p| p.push(&filler));
            }
            self.say(&mut page, &mut record, home, number);
        }
        let town = &self.towns[home];
        record.dispatch.headline = Some(match record.incidents.first() {
            Some(i) => format!("{} in {}: {}", i.trigger.text, town.name, town.province),
            None => format!("{} waits for word from the talks", town.name),
        });
        record.dispatch.sections = vec![Section { heading: None, paragraphs: page.paragraphs() }];
        record.dispatch.sha256 = ledger::digest::hex(page.text.as_bytes());
        record.dispatch.text = page.text;
        record
    }

    /// One sentence of news, and the incident it tells.
    fn tell(&mut self, page: &mut Paper, record: &mut Record, act: &Act, number: usize) {
        let (kind, verb) = self.words.acts[act.kind].clone();
        let target = self.words.targets[act.target].clone();
        let group = self.words.groups[act.group].clone();
        let town = self.towns[act.town].clone();
        // Who counts differs, and later counts are higher.
        let killed = act.killed + self.chance.below(4) as u64 * self.chance.below(2) as u64;
        let injured = act.injured + self.chance.below(6) as u64 * self.chance.below(2) as u64;
        let by = if self.chance.percent(50) { record::OUTLET.to_owned() } else { self.speaker() };
        let side = if self.chance.percent(80) { act.side } else { self.chance.below(self.words.sides.len()) };
        let side = self.words.sides[side].clone();
        let weekday = act.day.strftime("%A").to_string();
        let item = format!("i{}", number + 1);
        page.begin();
        let dead = page.push(&format!("{killed} {group}"));
        page.push(" were killed and ");
        let hurt = page.push(&format!("{injured} {group}"));
        page.push(" wounded when ");
        let trigger = page.push(&verb);
        page.push(&format!(" {target} in "));
        let at = page.push(&town.name);
        page.push(", ");
        page.push(&town.province);
        page.push(", on ");
        let day = page.push(&weekday);
        if by != record::OUTLET {
            page.push(&format!(", {by} said"));
        }
        page.push(". ");
        let mut perpetrators = Vec::new();
        if self.chance.percent(60) {
            let accuser = self.speaker();
            page.push(&format!("{accuser} blamed "));
            let mention = page.push(&side);
            page.push(". ");
            let actor_id = None;
            perpetrators.push(Perpetrator {
                actor: side,
                actor_id,
                mention,
                stance: Stance::Accuses,
                by: accuser,
                statement: None,
            });
        }
        page.end();
        record.mentions.places.push(PlaceMention {
            span: at.clone(),
            name: town.name.clone(),
            geonames_id: Some(town.id),
            country: Some(town.country.clone()),
            lat: Some(town.point.0),
            lon: Some(town.point.1),
            precision: Some(Precision::City),
        });
        record.mentions.times.push(TimeMention {
            span: day,
            value: act.day.to_string(),
            kind: TimeKind::Date,
            start: Some(act.day),
            end: Some(act.day),
        });
        let figure = |n: usize, measure, count: u64, mention: &Span| Figure {
            id: format!("f{}", number * 2 + n),
            measure,
            low: Some(count),
            high: Some(count),
            qualifier: Qualifier::Exact,
            group: group.clone(),
            of: None,
            part_of: None,
            hedged: false,
            by: by.clone(),
            statement: None,
            mention: mention.clone(),
        };
        record.incidents.push(Incident {
            id: item,
            incident_type: kind,
            trigger,
            date_start: Some(act.day),
            date_end: Some(act.day),
            date_basis: Some(DateBasis::Stated),
            place: Some(Place {
                mention: at,
                name: town.name,
                admin1: Some(town.province),
                country: Some(town.country),
                lat: Some(town.point.0),
                lon: Some(town.point.1),
                geonames_id: Some(town.id),
                precision: Some(Precision::City),
            }),
            place_basis: Some(PlaceBasis::Stated),
            background: false,
            modality: Modality::Asserted,
            confidence: Confidence::High,
            claims: Vec::new(),
            perpetrators,
            victims: vec![Victim { group: group.clone(), mention: dead.clone() }],
            figures: vec![figure(1, Measure::Killed, killed, &dead), figure(2, Measure::Injured, injured, &hurt)],
        });
    }

    /// A sentence on a ceasefire.
    fn agree(&mut self, page: &mut Paper, record: &mut Record, home: usize) {
        let town = self.towns[home].clone();
        let (one, other) = (self.chance.below(4), 4 + self.chance.below(4));
        let parties = vec![self.words.sides[one].clone(), self.words.sides[other].clone()];
        let (status, verb) = *self.chance.one(&[
            (Status::Agreed, "agreed on"),
            (Status::InForce, "have kept"),
            (Status::Violated, "have broken"),
            (Status::Suspended, "have suspended"),
        ]);
        page.begin();
        page.push(&format!("{} and {} ", parties[0], parties[1]));
        let words = page.push(verb);
        page.push(" ");
        let name = format!("the {} ceasefire", town.province);
        let mention = page.push(&name);
        page.push(". ");
        page.end();
        record.accords.push(Accord {
            id: "a1".to_owned(),
            kind: AccordKind::Ceasefire,
            name,
            mention,
            parties,
            brokers: Vec::new(),
            place: Some(town.province),
            date: None,
            documents: None,
            status_claims: vec![StatusClaim {
                status,
                party: None,
                blamed: None,
                modality: Modality::Asserted,
                date: record.dispatch.published,
                by: record::OUTLET.to_owned(),
                statement: None,
                mention: words,
            }],
        });
    }

    /// A sentence in which somebody says something.
    fn say(&mut self, page: &mut Paper, record: &mut Record, home: usize, number: usize) {
        let speaker = self.speaker();
        let (said, mode) = self.chance.one(&self.words.cues).clone();
        let claim = self.chance.one(&self.words.claims).clone();
        let claim = self.filled(&claim, home);
        let direct = self.chance.percent(40);
        page.begin();
        let (source, cue, content);
        if direct {
            page.push("“");
            content = page.push(&claim);
            page.push(",” ");
            source = page.push(&speaker);
            page.push(" ");
            cue = page.push(&said);
        } else {
            source = page.push(&speaker);
            page.push(" ");
            cue = page.push(&said);
            page.push(" that ");
            content = page.push(&claim);
        }
        page.push(". ");
        page.end();
        record.mentions.actors.push(ActorMention {
            span: source.clone(),
            actor_id: None,
            name: speaker.clone(),
            kind: ActorKind::Group,
            role: None,
        });
        record.statements.push(Statement {
            id: format!("s{}", number + 1),
            speaker,
            speaker_id: None,
            source: Some(source),
            cue: Some(cue),
            content: vec![content],
            kind: if direct { StatementKind::Direct } else { StatementKind::Indirect },
            mode,
            said_on: None,
            occasion: None,
            about: Vec::new(),
        });
    }
}

impl Iterator for Wire {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        if self.made >= self.dispatches {
            return None;
        }
        let statements = self.share();
        // A copy has the statements of its original: one with as many is looked for.
        let twin = self.copied.iter().position(|r| r.statements.len() == statements);
        let record = match twin {
            Some(at) if self.acts.is_none() && self.chance.percent(60) => {
                let original = self.copied[at].clone();
                self.copy(original)
            }
            _ => {
                let record = self.write(statements);
                if self.chance.percent(20) {
                    self.copied.push_back(record.clone());
                }
                record
            }
        };
        while self.copied.len() > 4 {
            self.copied.pop_front();
        }
        self.made += 1;
        Some(record)
    }
}

/// A text in the making, that knows where it stands.
#[derive(Debug, Default)]
struct Paper {
    text: String,
    length: usize,
    begun: (usize, usize),
    parts: Vec<Span>,
}

impl Paper {
    fn push(&mut self, words: &str) -> Span {
        let start = self.length;
        self.text.push_str(words);
        self.length += words.chars().count();
        Span { start, end: self.length, text: words.to_owned() }
    }

    fn begin(&mut self) {
        self.begun = (self.text.len(), self.length);
    }

    fn end(&mut self) {
        let (byte, start) = self.begun;
        let words = self.text[byte..].trim_end().to_owned();
        self.parts.push(Span { start, end: start + words.chars().count(), text: words });
        self.push("\n");
    }

    fn sentence(&mut self, write: impl FnOnce(&mut Paper) -> Span) {
        self.begin();
        write(self);
        self.end();
    }

    fn paragraphs(&mut self) -> Vec<Span> {
        std::mem::take(&mut self.parts)
    }
}
