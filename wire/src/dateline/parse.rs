//! The parts of one dateline, and whether they are believed.

use record::PartialDate;

use super::names::{self, Words};
use super::tokens::{Kind, Token};
use super::{Found, calendar};

/// How much evidence is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// A place before a dash may do.
    Any,
    /// A day or a known agency, and a place, must be there.
    Proven,
}

/// Most words of one place, and most places and regions of a dateline.
const WORDS: usize = 6;
const PLACES: usize = 5;

/// What has been read of a dateline.
#[derive(Debug, Default)]
struct Parts {
    /// Token range of the first place with its regions.
    place: Option<(usize, usize)>,
    places: usize,
    regions: usize,
    written: Option<PartialDate>,
    agency: Option<String>,
    /// The agency stands in the table.
    known_agency: bool,
    /// The agency stands between brackets or slashes.
    fenced: bool,
    /// Everything stands between brackets, as Human Rights Watch writes.
    bracketed: bool,
}

struct Parser<'t> {
    text: &'t str,
    tokens: &'t [Token],
    at: usize,
    parts: Parts,
}

/// How a dateline ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// A dash with white space on one side.
    Dash,
    /// A long dash or a double one: nobody uses it for anything else there.
    LongDash,
    Colon,
    Stop,
    /// Nothing: the text goes on.
    None,
}

/// The first token that is neither a mark (`****`, a bullet) nor part of a time stamp.
pub fn first(tokens: &[Token]) -> usize {
    let kind = |i: usize| tokens.get(i).map(|t| t.kind);
    let mut at = 0;
    while matches!(kind(at), Some(Kind::Sign('*' | '•' | '·' | '+' | '#' | '>' | '|' | '■' | '▪' | '►'))) {
        at += 1;
    }
    // `10:45 GMT, MOSCOW (Reuters) -`: hours and minutes, a zone of at most four capitals, a mark.
    if kind(at) == Some(Kind::Number)
        && matches!(kind(at + 1), Some(Kind::Sign(':' | '.')))
        && kind(at + 2) == Some(Kind::Number)
    {
        let mut after = at + 3;
        if matches!(kind(after), Some(Kind::Sign(':'))) {
            after += 2;
        }
        while kind(after) == Some(Kind::Word) && tokens.get(after).is_some_and(|t| t.bytes.len() <= 4) && after < at + 6
        {
            after += 1;
        }
        let mark = matches!(kind(after), Some(Kind::Dash | Kind::Sign(',' | '|' | ':' | '.' | ';')));
        if mark {
            return after + 1;
        }
        // Without a mark behind the zone, the zone may have been the place: only the clock is passed over.
        return at + 3;
    }
    at
}

/// Whether a token is a word of three or more capitals.
pub fn in_capitals(text: &str, token: &Token) -> bool {
    let word = text.get(token.bytes.clone()).unwrap_or_default();
    token.kind == Kind::Word
        && word.chars().filter(|c| c.is_alphabetic()).count() >= 3
        && !word.chars().any(char::is_lowercase)
}

/// The dateline that begins at `tokens[at]`, if there is enough evidence for one.
pub fn parse(text: &str, tokens: &[Token], at: usize, strength: Strength) -> Option<Found> {
    let mut parser = Parser { text, tokens, at, parts: Parts::default() };
    parser.head();
    if parser.parts.agency.is_none() {
        match parser.kind(0) {
            Some(Kind::Sign('(')) => parser.bracketed(),
            _ => parser.places(),
        }
    }
    if !parser.parts.bracketed {
        parser.rest();
    }
    let end = parser.end();
    if !parser.believed(at, end, strength) {
        return None;
    }
    let last = tokens.get(parser.at.checked_sub(1)?)?;
    Some(Found {
        bytes: tokens.get(at)?.bytes.start..last.bytes.end,
        place: parser.place(),
        written: parser.parts.written,
        certain: parser.parts.written.is_some() || parser.parts.known_agency,
        agency: parser.parts.agency,
    })
}

impl<'t> Parser<'t> {
    fn kind(&self, ahead: usize) -> Option<Kind> {
        self.tokens.get(self.at + ahead).map(|t| t.kind)
    }

    fn word_at(&self, at: usize) -> &'t str {
        self.tokens.get(at).and_then(|t| self.text.get(t.bytes.clone())).unwrap_or_default()
    }

    /// An agency before everything else: `afrol News, 23 April -`, `(ANSA) - ROME, SEP 29 -`, `Xinhua, Beijing, Sept 12 -`.
    fn head(&mut self) {
        let bracket = usize::from(self.kind(0) == Some(Kind::Sign('(')));
        let Some((agency, count)) = names::agency(self.text, self.tokens, self.at + bracket) else { return };
        let start = self.at;
        self.at += bracket + count;
        if bracket == 1 {
            if self.kind(0) != Some(Kind::Sign(')')) {
                self.at = start;
                return;
            }
            self.at += 1;
        }
        self.parts.agency = Some(agency.to_owned());
        self.parts.known_agency = true;
        self.parts.fenced = bracket == 1;
        // What may follow: a mark and then a place with a day; else the agency stands alone and the mark is the end.
        let after_agency = self.at;
        if matches!(self.kind(0), Some(Kind::Dash | Kind::Sign(',' | '/' | '.' | ':'))) {
            self.at += 1;
            let before_places = self.at;
            if self.day_here().is_some() {
                self.at = after_agency;
                return;
            }
            self.places();
            self.comma();
            if self.parts.place.is_some() && self.day_here().is_some() {
                return;
            }
            self.parts.place = None;
            self.parts.places = 0;
            self.parts.regions = 0;
            self.at = before_places;
        }
        self.at = after_agency;
    }

    fn comma(&mut self) {
        while matches!(self.kind(0), Some(Kind::Sign(',' | ';'))) {
            self.at += 1;
        }
    }

    fn day_here(&self) -> Option<(PartialDate, usize)> {
        calendar::day(self.text, self.tokens, self.at)
    }

    /// `(New York, September 12, 2016) –`, `(Beirut) –`.
    fn bracketed(&mut self) {
        let start = self.at;
        self.at += 1;
        self.places();
        self.comma();
        if let Some((date, count)) = self.day_here() {
            self.parts.written = Some(date);
            self.at += count;
        }
        if self.parts.place.is_some() && self.kind(0) == Some(Kind::Sign(')')) {
            self.at += 1;
            self.parts.bracketed = true;
        } else {
            self.parts = Parts::default();
            self.at = start;
        }
    }

    /// Places with their regions: `NEW YORK/LONDON`, `COLUMBUS, Ohio`, `GENEVA and BEIRUT`.
    fn places(&mut self) {
        while self.parts.places + self.parts.regions < PLACES {
            let start = self.at;
            if !self.place_name() {
                break;
            }
            match &mut self.parts.place {
                None => {
                    self.parts.place = Some((start, self.at));
                    self.parts.places = 1;
                }
                Some(_) => self.parts.places += 1,
            }
            self.regions();
            let another = match self.kind(0) {
                Some(Kind::Sign('/' | '&')) => !self.is_slashed_agency(),
                Some(Kind::Word) => self.word_at(self.at) == "and",
                Some(Kind::Sign(';')) => true,
                _ => false,
            };
            if !another {
                break;
            }
            let mark = self.at;
            self.at += 1;
            if !self.begins_name(self.at) || self.day_here().is_some() {
                self.at = mark;
                break;
            }
        }
    }

    /// `/TASS/` and `/ Trend` at the cursor.
    fn is_slashed_agency(&self) -> bool {
        names::agency(self.text, self.tokens, self.at + 1).is_some()
    }

    /// Regions after a comma, taken into the first place.
    fn regions(&mut self) {
        while self.kind(0) == Some(Kind::Sign(',')) && self.parts.places + self.parts.regions < PLACES {
            let comma = self.at;
            self.at += 1;
            let stops = self.day_here().is_some() || self.agency_ends_part() || self.is_weekday_here();
            if stops || !self.place_name() {
                self.at = comma;
                break;
            }
            self.parts.regions += 1;
            if let (1, Some((_, end))) = (self.parts.places, &mut self.parts.place) {
                *end = self.at;
            }
        }
    }

    fn is_weekday_here(&self) -> bool {
        calendar::is_weekday(&self.word_at(self.at).to_lowercase())
    }

    /// A known agency at the cursor that a mark follows: `Damascus, SANA –`.
    fn agency_ends_part(&self) -> bool {
        names::agency(self.text, self.tokens, self.at).is_some_and(|(_, count)| {
            // Two letters alone are more often a region (`Pa.`) than an agency, unless a dash follows.
            let short = count == 1 && self.word_at(self.at).len() <= 2;
            match self.kind(count) {
                Some(Kind::Dash) => true,
                Some(Kind::Sign('.' | ',' | ':' | '/' | ')')) => !short,
                _ => false,
            }
        })
    }

    /// Whether the token may begin a name: a capital, or a small letter when a day follows later (agencies' slips).
    fn begins_name(&self, at: usize) -> bool {
        let word = self.word_at(at);
        self.tokens.get(at).is_some_and(|t| t.kind == Kind::Word)
            && word.chars().next().is_some_and(char::is_alphabetic)
    }

    /// One name: words that go together. Stops before a day.
    fn place_name(&mut self) -> bool {
        let start = self.at;
        // A name all in small letters: an agency's slip, believed before a day only.
        let small = self.word_at(start).chars().all(char::is_lowercase);
        while self.at < start + WORDS && self.begins_name(self.at) && self.day_here().is_none() {
            let word = self.word_at(self.at);
            let capital = word.chars().next().is_some_and(char::is_uppercase);
            let low = word.to_lowercase();
            if self.at > start {
                let joins =
                    capital || small || self.day_after_next() || (Words::get().may_stand_inside(&low) && low != "and");
                if !joins || calendar::is_weekday(&low) {
                    break;
                }
            } else if !capital && !low.chars().all(char::is_lowercase) {
                break;
            }
            self.at += 1;
            // `ST. LOUIS`, `Calif.`, `Md. March 4`: an abbreviation's full stop.
            if self.kind(0) == Some(Kind::Sign('.')) {
                let short = word.chars().count() <= 5;
                let tight = self.tokens.get(self.at).is_some_and(|t| !t.spaced);
                let goes_on = match self.kind(1) {
                    Some(Kind::Sign(',' | '/' | '(') | Kind::Dash) => true,
                    Some(Kind::Word) => {
                        short
                            && (calendar::day(self.text, self.tokens, self.at + 1).is_none()
                                || self.parts.place.is_some())
                    }
                    _ => false,
                };
                if short && tight && goes_on {
                    self.at += 1;
                } else {
                    break;
                }
            }
        }
        self.at > start
    }

    /// Whether a comma and a day follow the word at the cursor: `New york, March 2`.
    fn day_after_next(&self) -> bool {
        self.kind(1) == Some(Kind::Sign(',')) && calendar::day(self.text, self.tokens, self.at + 2).is_some()
    }

    /// Day and agency, in any order, with the marks between them.
    fn rest(&mut self) {
        for _ in 0..6 {
            let start = self.at;
            while matches!(self.kind(0), Some(Kind::Sign(',' | '.' | ';'))) {
                self.at += 1;
            }
            let taken = match self.kind(0) {
                Some(Kind::Sign('(' | '[')) => self.fenced(&[')', ']']),
                Some(Kind::Sign('/')) => self.fenced(&['/']),
                Some(Kind::Dash) => {
                    // `Md., - March 4 -`, `DAMASCUS - SANA -`, `March 5 - RIA Novosti.`: a dash inside.
                    self.at += 1;
                    self.day() || self.bare_agency()
                }
                _ => self.day() || self.bare_agency(),
            };
            if !taken {
                self.at = start;
                break;
            }
        }
    }

    fn day(&mut self) -> bool {
        if self.parts.written.is_some() {
            return false;
        }
        let Some((date, count)) = self.day_here() else { return false };
        self.parts.written = Some(date);
        self.at += count;
        true
    }

    /// A known agency that a mark follows.
    fn bare_agency(&mut self) -> bool {
        if self.parts.agency.is_some() || !self.agency_ends_part() {
            return false;
        }
        let Some((agency, count)) = names::agency(self.text, self.tokens, self.at) else { return false };
        self.parts.agency = Some(agency.to_owned());
        self.parts.known_agency = true;
        self.at += count;
        true
    }

    /// What stands between brackets or slashes: an agency, a day, or both.
    fn fenced(&mut self, closing: &[char]) -> bool {
        let start = self.at + 1;
        let limit = (start + 12).min(self.tokens.len());
        let close = (start..limit)
            .find(|&i| matches!(self.tokens.get(i).map(|t| t.kind), Some(Kind::Sign(c)) if closing.contains(&c)));
        let Some(close) = close else {
            // `BAKU, Sept. 29 / Trend –`: one slash only.
            self.at = start;
            return closing.contains(&'/') && self.bare_agency();
        };
        let mut name: Option<(usize, usize)> = None;
        self.at = start;
        while self.at < close {
            if self.day() {
                continue;
            }
            if self.parts.agency.is_none()
                && let Some((agency, count)) = names::agency(self.text, self.tokens, self.at)
            {
                self.parts.agency = Some(agency.to_owned());
                self.parts.known_agency = true;
                self.at += count;
                continue;
            }
            if self.kind(0) == Some(Kind::Word) {
                name = Some((name.map_or(self.at, |n| n.0), self.at + 1));
            }
            self.at += 1;
        }
        self.at = close + 1;
        self.parts.fenced = true;
        if let (None, Some((from, to))) = (&self.parts.agency, name) {
            let capital = self.word_at(from).chars().next().is_some_and(char::is_uppercase);
            if !capital || to - from > 5 {
                return false;
            }
            self.parts.agency = Some(self.words(from, to));
        }
        self.parts.agency.is_some() || self.parts.written.is_some()
    }

    /// The words of a token range, white space made plain.
    fn words(&self, from: usize, to: usize) -> String {
        let bytes = match (self.tokens.get(from), self.tokens.get(to.wrapping_sub(1))) {
            (Some(a), Some(b)) => a.bytes.start..b.bytes.end,
            _ => return String::new(),
        };
        self.text.get(bytes).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The first place as written.
    fn place(&self) -> Option<String> {
        let (from, to) = self.parts.place?;
        let mut place = self.words(from, to);
        // The full stop of an abbreviation belongs to it ("Ohio", but "Calif."): it is inside the range already.
        if place.ends_with(',') {
            place.pop();
        }
        Some(place)
    }

    /// The end mark.
    fn end(&mut self) -> End {
        let before = self.at;
        while matches!(self.kind(0), Some(Kind::Sign(',' | '.' | ':'))) && self.kind(1) == Some(Kind::Dash) {
            self.at += 1;
        }
        match self.kind(0) {
            Some(Kind::Dash) => {
                let (Some(dash), next) = (self.tokens.get(self.at), self.tokens.get(self.at + 1)) else {
                    return End::None;
                };
                let spaced = dash.spaced || next.is_none_or(|n| n.spaced);
                // `March 3-5`, `March 3 – 5`: a range of days.
                let range = next.is_some_and(|n| n.kind == Kind::Number && n.spaced == dash.spaced)
                    && !dash.spaced
                    && self.parts.written.is_some();
                let long = self.word_at(self.at).chars().any(|c| c >= '\u{2014}') || dash.bytes.len() == 2;
                if range || !(spaced || long || self.parts.fenced) {
                    self.at = before;
                    return End::None;
                }
                self.at += 1;
                // `- -` and `--     --` are one mark.
                while self.kind(0) == Some(Kind::Dash) {
                    self.at += 1;
                }
                if long { End::LongDash } else { End::Dash }
            }
            Some(Kind::Sign(':')) => {
                self.at += 1;
                End::Colon
            }
            Some(Kind::Sign('.')) => {
                self.at += 1;
                End::Stop
            }
            _ => End::None,
        }
    }

    /// Whether a sentence begins behind the end mark.
    fn sentence_follows(&self) -> bool {
        match self.tokens.get(self.at) {
            Some(t) => match t.kind {
                Kind::Word => self.word_at(self.at).chars().next().is_some_and(char::is_uppercase),
                Kind::Number => true,
                Kind::Sign(c) => matches!(c, '"' | '“' | '‘' | '\'' | '«' | '$' | '£' | '€'),
                Kind::Dash => false,
            },
            None => false,
        }
    }

    /// The rules of evidence.
    fn believed(&self, start: usize, end: End, strength: Strength) -> bool {
        let parts = &self.parts;
        let dash = matches!(end, End::Dash | End::LongDash);
        let day = parts.written.is_some();
        let Some((from, to)) = parts.place else {
            // No place: `afrol News, 23 April -`, `March 3 (Reuters) -`, `(CNN) —`, `Afp - The`.
            let agency = parts.known_agency && (dash || (day && end != End::None)) && (day || self.sentence_follows());
            let touching = parts.fenced && parts.known_agency && self.sentence_follows() && self.at == start + 3;
            return strength == Strength::Any && (agency || touching);
        };
        let first = self.word_at(from).to_lowercase();
        if !Words::get().may_begin(&first, to - from == 1) {
            return false;
        }
        let capital = self.word_at(from).chars().next().is_some_and(char::is_uppercase);
        let capitals = self.capitals(from);
        let comma = self.tokens.get(to).is_some_and(|t| t.kind == Kind::Sign(','));
        if !(capital || day && comma) {
            return false;
        }
        let name_end =
            (from..to).find(|&i| self.tokens.get(i).is_some_and(|t| t.kind == Kind::Sign(','))).unwrap_or(to);
        let known = names::is_place(&self.words(from, name_end).to_lowercase().replace('’', "'"));
        let proven = (day && (dash || (parts.known_agency && end != End::None)))
            || (parts.known_agency && capital && dash)
            || (parts.known_agency && capital && (parts.fenced || end == End::Colon || day) && end != End::None)
            || (parts.known_agency && parts.fenced && (capitals || known) && self.sentence_follows());
        if strength == Strength::Proven {
            return proven && capitals;
        }
        if proven || (parts.bracketed && dash && (day || known)) {
            return true;
        }
        if day && parts.fenced && (capitals || known) {
            return dash || self.sentence_follows();
        }
        if !self.sentence_follows() || !capital {
            return false;
        }
        let letters = self.word_at(from).chars().filter(|c| c.is_alphabetic()).count();
        match end {
            // Capitals that no table knows: a short name, not a line of an outline or a speaker's label.
            _ if !known && (to - from > 7 || name_end - from > 4) => false,
            End::LongDash if !known && self.tight_double_hyphen() => false,
            // An agency the table does not know: `BEIRUT (Harbour Courier) - At least`.
            End::Dash | End::LongDash if parts.agency.is_some() => known || (capitals && letters >= 4),
            End::Dash => known || (capitals && letters >= 4 && parts.regions > 0),
            End::LongDash => known || (capitals && (letters >= 5 || to - from > 1)),
            End::Colon => known && parts.places == 1 && self.kind(0) == Some(Kind::Word),
            _ => false,
        }
    }

    /// `SIEGEL--`: how transcripts write a speaker.
    fn tight_double_hyphen(&self) -> bool {
        let dash = self.at.checked_sub(1).and_then(|i| self.tokens.get(i));
        dash.is_some_and(|d| !d.spaced && self.text.get(d.bytes.clone()) == Some("--"))
    }

    /// Whether the first word of the place is in capitals.
    fn capitals(&self, from: usize) -> bool {
        self.tokens.get(from).is_some_and(|t| {
            let word = self.text.get(t.bytes.clone()).unwrap_or_default();
            word.chars().filter(|c| c.is_alphabetic()).count() >= 2
                && !word.trim_start_matches("al-").trim_start_matches("el-").chars().any(char::is_lowercase)
        })
    }
}
