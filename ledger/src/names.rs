//! Names folded so that two spellings of one actor or place meet.
//!
//! Everything here is a function of the name alone (and of the tables): no counts over the ledger, so that the order of
//! filing cannot matter. Word lists are in `data/linking.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use record::IncidentType;
use serde::Deserialize;

/// The tables of `data/linking.toml`.
#[derive(Debug, Deserialize)]
pub struct Tables {
    stop: BTreeSet<String>,
    force: BTreeSet<String>,
    place_filler: BTreeSet<String>,
    fold: BTreeMap<String, String>,
    leaders: BTreeMap<String, String>,
    phrases: BTreeMap<String, String>,
    families: BTreeMap<String, Vec<IncidentType>>,
    rivals: BTreeMap<String, Vec<IncidentType>>,
    lasting: Lasting,
    everyone: BTreeSet<String>,
    correction: BTreeSet<String>,
}

#[derive(Debug, Deserialize)]
struct Lasting {
    kinds: Vec<IncidentType>,
}

/// How two kinds of act stand to one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kinship {
    /// The same kind.
    Same,
    /// Kinds of one family.
    Family,
    /// Kinds that rival versions of one event may have.
    Rivals,
    /// Kinds that are no versions of one event.
    Apart,
}

/// The embedded tables.
pub fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/linking.toml"));
        toml::from_str(text).expect("data/linking.toml is checked by a test")
    })
}

impl Tables {
    /// How two kinds of act stand to one another.
    pub fn kinship(&self, a: IncidentType, b: IncidentType) -> Kinship {
        let together =
            |groups: &BTreeMap<String, Vec<IncidentType>>| groups.values().any(|g| g.contains(&a) && g.contains(&b));
        if a == b {
            Kinship::Same
        } else if together(&self.families) {
            Kinship::Family
        } else if together(&self.rivals) {
            Kinship::Rivals
        } else {
            Kinship::Apart
        }
    }

    /// Whether acts of this kind last.
    pub fn lasts(&self, kind: IncidentType) -> bool {
        self.lasting.kinds.contains(&kind)
    }

    /// Whether a word counts everybody, not a group among them.
    pub fn is_everyone(&self, word: &str) -> bool {
        self.everyone.contains(word)
    }

    /// Whether a word tells that an earlier number is taken back.
    pub fn is_correction(&self, word: &str) -> bool {
        self.correction.contains(word)
    }

    /// Whether a word carries nothing.
    pub fn is_stop(&self, word: &str) -> bool {
        self.stop.contains(word)
    }

    /// The content words of an actor's name, folded: "Assad regime forces" → {syria}, "the Nusra Front" → {nusra}.
    pub fn actor_words(&self, name: &str) -> BTreeSet<String> {
        let folded = self.folded(name);
        let sides: BTreeSet<String> = folded.iter().filter(|w| !self.force.contains(*w)).cloned().collect();
        if sides.is_empty() { folded } else { sides }
    }

    /// The key of an actor: its folded words in order, arms of a side kept apart ("government-syria" and "army-syria").
    pub fn actor_key(&self, name: &str) -> String {
        let key = self.folded(name).into_iter().collect::<Vec<_>>().join("-");
        if key.is_empty() { name.trim().to_lowercase() } else { key }
    }

    /// The words of a name without articles, each folded.
    fn folded(&self, name: &str) -> BTreeSet<String> {
        let mut text = format!(" {} ", words(name).join(" "));
        for (long, short) in &self.phrases {
            text = text.replace(&format!(" {long} "), &format!(" {short} "));
        }
        let words: Vec<&str> =
            text.split(' ').filter(|w| !w.is_empty() && !self.stop.contains(*w) && !is_article(w)).collect();
        let forces = words.iter().filter(|w| self.force.contains(**w)).count();
        let fold = |w: &str| {
            let leader = self.leaders.get(w).filter(|_| forces > 0 && forces + 1 == words.len());
            leader.or_else(|| self.fold.get(w)).cloned().unwrap_or_else(|| w.to_owned())
        };
        words.iter().map(|w| fold(w)).collect()
    }

    /// The skeletons of the distinctive words of a place's name: "Rashideen" and "Rashidin" → {rshdn}.
    pub fn place_words(&self, name: &str) -> BTreeSet<String> {
        let all = words(name);
        let kept: BTreeSet<String> = all
            .iter()
            .filter(|w| !self.place_filler.contains(*w) && !self.stop.contains(*w))
            .map(|w| skeleton(w))
            .collect();
        if kept.is_empty() { all.iter().map(|w| skeleton(w)).collect() } else { kept }
    }
}

/// The Arabic article before a name, which only some writers keep.
fn is_article(word: &str) -> bool {
    matches!(word, "al" | "el" | "as" | "ash" | "ar" | "an" | "ad" | "ez" | "az")
}

/// Lower-case words of letters and digits, without diacritics, possessive "s" and apostrophes.
pub fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in text.chars() {
        match c {
            '\'' | '’' | '‘' | 'ʼ' | '`' => {
                // The apostrophe of "Syria's" ends the word; the one of "Ma'an" is dropped.
                word.push('\'');
            }
            c if c.is_alphanumeric() => word.extend(c.to_lowercase().map(plain)),
            _ => take(&mut word, &mut words),
        }
    }
    take(&mut word, &mut words);
    words
}

/// Ends a word.
fn take(word: &mut String, words: &mut Vec<String>) {
    let bare = word.strip_suffix("'s").unwrap_or(word).replace('\'', "");
    if !bare.is_empty() {
        words.push(bare);
    }
    word.clear();
}

/// A letter without its diacritic, for the Latin letters that news names are written in.
fn plain(c: char) -> char {
    match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'ì'..='ï' | 'ī' | 'į' | 'ı' => 'i',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ś' | 'š' | 'ş' | 'ș' => 's',
        'ğ' => 'g',
        'ţ' | 'ť' | 'ț' => 't',
        'ź' | 'ż' | 'ž' => 'z',
        'ł' => 'l',
        'ď' | 'đ' | 'ḍ' => 'd',
        'ř' => 'r',
        'ḥ' => 'h',
        other => other,
    }
}

/// The consonants of a word as writers of one sound spell them: q and k, gh and g, th and t, doubled letters and vowels
/// are not told apart. A first vowel counts only where fewer than two consonants follow it.
pub fn skeleton(word: &str) -> String {
    let all = consonants(word);
    let bare: String = all.chars().skip_while(|c| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'w')).collect();
    if bare.chars().count() >= 2 { bare } else { all }
}

/// The first letter and the consonants of a word.
fn consonants(word: &str) -> String {
    let mut out = String::new();
    let mut last = ' ';
    let mut letters = word.chars().peekable();
    let mut first = true;
    while let Some(c) = letters.next() {
        let next = letters.peek().copied().unwrap_or(' ');
        let c = match c {
            'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'w' if !first => {
                last = ' ';
                continue;
            }
            'q' | 'c' => 'k',
            'h' if matches!(last, 'k' | 'g' | 't' | 'd' | 's' | 'z') => continue,
            'h' if !first && !next.is_alphabetic() => continue,
            'z' => 's',
            'v' => 'f',
            'j' => 'g',
            c => c,
        };
        if c != last {
            out.push(c);
        }
        last = c;
        first = false;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_place_meet_and_others_do_not() {
        let t = tables();
        for (a, b) in [
            ("Rashideen", "al-Rashidin"),
            ("Deir ez-Zor", "Deir al Zor"),
            ("Raqqa", "Raqa"),
            ("Kefraya", "Kafraya"),
            ("Hass", "the village of Haas"),
            ("Tokhar", "Al-Tukhar"),
            ("Zoravik’s bridge", "Zoravik bridge"),
        ] {
            assert!(!t.place_words(a).is_disjoint(&t.place_words(b)), "{a} {b}");
        }
        for (a, b) in [("Homs", "Hama"), ("Aleppo", "Azaz"), ("western Aleppo", "western Ghouta"), ("Idlib", "Manbij")]
        {
            assert!(t.place_words(a).is_disjoint(&t.place_words(b)), "{a} {b}");
        }
    }

    #[test]
    fn names_of_one_side_meet() {
        let t = tables();
        let same = |a: &str, b: &str| t.actor_words(a) == t.actor_words(b);
        assert!(same("Syrian army", "the Assad regime's forces"));
        assert!(same("Islamic State", "ISIL"));
        assert!(same("al-Nusra Front", "Nusra Front"));
        assert!(!same("Syrian army", "Syrian rebels"));
        assert!(!same("Syrian army", "Bashar al-Assad"));
        assert_eq!(t.actor_words("the group").len(), 1);
    }

    #[test]
    fn kinds_of_act_are_all_in_the_tables_way() {
        let t = tables();
        use IncidentType::*;
        assert_eq!(t.kinship(SuicideBombing, Bombing), Kinship::Family);
        assert_eq!(t.kinship(Shelling, AirStrike), Kinship::Rivals);
        assert_eq!(t.kinship(SiegeOrBlockade, Bombing), Kinship::Apart);
        assert!(t.lasts(SiegeOrBlockade) && !t.lasts(Bombing));
    }
}
