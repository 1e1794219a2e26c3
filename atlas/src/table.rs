//! Rows of the tab-separated tables in `data/atlas/`.

/// The rows of a table: cells of each line that is neither empty nor a comment. Missing cells read as empty.
pub(crate) fn rows(text: &'static str) -> impl Iterator<Item = Row> {
    text.lines().filter(|l| !l.is_empty() && !l.starts_with('#')).map(|l| Row { cells: l.split('\t').collect() })
}

/// The line, from 1, of the first row of a table whose first cell is `key`.
pub(crate) fn line_of(text: &'static str, key: &str) -> Option<usize> {
    let fits = |line: &str| !line.starts_with('#') && line.split('\t').next() == Some(key);
    text.lines().position(fits).map(|n| n + 1)
}

/// One row.
pub(crate) struct Row {
    cells: Vec<&'static str>,
}

impl Row {
    /// Cell `i`, empty where the line is shorter.
    pub(crate) fn cell(&self, i: usize) -> &'static str {
        self.cells.get(i).copied().unwrap_or("").trim()
    }

    /// Cell `i`, or `None` where empty.
    pub(crate) fn some(&self, i: usize) -> Option<&'static str> {
        Some(self.cell(i)).filter(|c| !c.is_empty())
    }

    /// Cell `i` as a list.
    pub(crate) fn list(&self, i: usize) -> Vec<&'static str> {
        self.cell(i).split(';').map(str::trim).filter(|s| !s.is_empty()).collect()
    }

    /// Cell `i` as a number, 0 where it is none.
    pub(crate) fn number(&self, i: usize) -> f64 {
        self.cell(i).parse().unwrap_or(0.0)
    }
}

/// The text of a table of `data/atlas/`.
macro_rules! table {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../data/atlas/", $name))
    };
}
pub(crate) use table;
