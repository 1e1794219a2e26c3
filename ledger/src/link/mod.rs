//! Linking: which accounts in different dispatches tell of one incident or accord.
//!
//! A pure function of the set of accounts: [`facts`] says what is compared, [`blocks`] where accounts meet, [`score`] how
//! alike two are, [`cluster`] who belongs together. [`apply`] runs it inside the file, for the affected accounts only.

pub mod accords;
pub mod apply;
pub mod blocks;
pub mod cluster;
mod decisions;
pub mod facts;
pub mod score;

use std::collections::BTreeSet;

use serde::Serialize;
use serde::de::DeserializeOwned;

use facts::Facts;
use score::Term;

/// What can be linked across dispatches.
pub trait Compared: Serialize + DeserializeOwned {
    /// The kind of node in the file.
    const KIND: &'static str;
    /// From these points on, two accounts are tied.
    const TIE: i32;

    /// The keys under which accounts meet.
    fn blocks(&self) -> BTreeSet<String>;

    /// The terms of a pair that are not 0.
    fn terms(&self, other: &Self) -> Vec<Term>;

    /// The points of a pair.
    fn points(&self, other: &Self) -> i32 {
        self.terms(other).iter().map(|t| t.points).sum()
    }
}

impl Compared for Facts {
    const KIND: &'static str = "incident";
    const TIE: i32 = score::TIE;

    fn blocks(&self) -> BTreeSet<String> {
        blocks::blocks(self)
    }

    fn terms(&self, other: &Self) -> Vec<Term> {
        score::terms(self, other)
    }
}
