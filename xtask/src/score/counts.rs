//! Counts of what the gold has, what was read and what agrees, and how sure a figure is.

use std::fmt::Write as _;

/// How many the gold has, how many were read, how many of these agree.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// In the gold.
    pub gold: usize,
    /// Read.
    pub read: usize,
    /// In both.
    pub hit: usize,
}

impl Count {
    /// One question with one right answer: `read` is `None` when nothing was answered.
    pub fn answer<T>(gold: Option<T>, read: Option<T>, same: impl Fn(&T, &T) -> bool) -> Count {
        let hit = matches!((&gold, &read), (Some(a), Some(b)) if same(a, b));
        Count { gold: usize::from(gold.is_some()), read: usize::from(read.is_some()), hit: usize::from(hit) }
    }

    /// Pairs each of `gold` with at most one of `read`, in order.
    pub fn pairs<T>(gold: &[T], read: &[T], same: impl Fn(&T, &T) -> bool) -> Count {
        let mut free: Vec<&T> = read.iter().collect();
        let mut hit = 0;
        for one in gold {
            if let Some(at) = free.iter().position(|other| same(one, other)) {
                free.remove(at);
                hit += 1;
            }
        }
        Count { gold: gold.len(), read: read.len(), hit }
    }

    /// Adds another's counts.
    pub fn add(&mut self, other: Count) {
        self.gold += other.gold;
        self.read += other.read;
        self.hit += other.hit;
    }

    /// Precision, per cent.
    pub fn precision(&self) -> f64 {
        share(self.hit, self.read)
    }

    /// Recall, per cent.
    pub fn recall(&self) -> f64 {
        share(self.hit, self.gold)
    }

    /// F1, per cent.
    pub fn f1(&self) -> f64 {
        share(2 * self.hit, self.gold + self.read)
    }
}

/// `part` of `whole` in per cent; 0 of nothing.
pub fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { 100.0 * part as f64 / whole as f64 }
}

/// The middle 95 per cent of a figure over 1,000 samples of as many documents, drawn with replacement by a generator
/// with a fixed seed: the same documents give the same interval.
pub fn interval<D>(documents: &[D], figure: impl Fn(&[&D]) -> f64) -> (f64, f64) {
    if documents.is_empty() {
        return (0.0, 0.0);
    }
    let mut state = 1u64;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        &documents[(state >> 33) as usize % documents.len()]
    };
    let mut figures: Vec<f64> = (0..1000)
        .map(|_| {
            let sample: Vec<&D> = (0..documents.len()).map(|_| draw()).collect();
            figure(&sample)
        })
        .collect();
    figures.sort_by(f64::total_cmp);
    (figures[25], figures[974])
}

/// The counts of one document, one for each measure of a set.
#[derive(Debug, Clone)]
pub struct Row<const N: usize> {
    /// The document.
    pub name: String,
    /// In the order of the set's measures.
    pub counts: [Count; N],
}

/// Prints a set's measures with their intervals, and gives the table by document that is kept under `eval/`.
pub fn report<const N: usize>(set: &str, measures: [&str; N], rows: &[Row<N>]) -> String {
    println!("{set}: {} documents", rows.len());
    println!("{:44}{:>6}{:>6}{:>7}{:>7}{:>7}   95% interval", "", "gold", "read", "P", "R", "F1");
    for (n, measure) in measures.iter().enumerate() {
        let sum = |rows: &[&Row<N>]| {
            let mut sum = Count::default();
            rows.iter().for_each(|r| sum.add(r.counts[n]));
            sum
        };
        let all = sum(&rows.iter().collect::<Vec<_>>());
        let (low, high) = interval(rows, |sample| sum(sample).f1());
        println!(
            "{measure:44}{:6}{:6}{:7.1}{:7.1}{:7.1}   {low:.1} to {high:.1}",
            all.gold,
            all.read,
            all.precision(),
            all.recall(),
            all.f1()
        );
    }
    let mut table = format!(
        "# Each measure as gold/read/agreeing, by document. Made by `cargo xtask score {set} --tables write`.\ndocument\t{}\n",
        measures.join("\t")
    );
    for row in rows {
        let cells: Vec<String> = row.counts.iter().map(|c| format!("{}/{}/{}", c.gold, c.read, c.hit)).collect();
        let _ = writeln!(table, "{}\t{}", row.name, cells.join("\t"));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_use_each_reading_once() {
        let count = Count::pairs(&["a", "a", "b"], &["a", "b", "c"], |x, y| x == y);
        assert_eq!(count, Count { gold: 3, read: 3, hit: 2 });
        assert!((count.f1() - 66.666).abs() < 0.01);
    }

    #[test]
    fn an_answer_that_is_missing_is_no_reading() {
        assert_eq!(Count::answer(Some(1), None, |a, b| a == b), Count { gold: 1, read: 0, hit: 0 });
        assert_eq!(Count::answer(None, Some(1), |a, b| a == b), Count { gold: 0, read: 1, hit: 0 });
    }

    #[test]
    fn the_interval_holds_the_figure() {
        let documents: Vec<usize> = (0..50).collect();
        let mean = |sample: &[&usize]| sample.iter().copied().sum::<usize>() as f64 / sample.len() as f64;
        let (low, high) = interval(&documents, mean);
        assert!(low < 24.5 && 24.5 < high && low > 15.0 && high < 34.0, "{low} to {high}");
    }
}
