//! Tables whose order and page live in the address.

use crate::{Tag, Texts, address};
use askama::Template;
use askama::filters::HtmlSafe;

/// A table. Rows are links: the first cell that has one leads on, Enter opens it, arrows move between rows.
#[derive(Clone, Template)]
#[template(path = "pages/table.html")]
pub struct Table {
    /// Words.
    pub t: Texts,
    /// What the table shows and by what it is sorted.
    pub caption: String,
    /// Is the caption only heard, because a heading above says the same?
    pub quiet_caption: bool,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows of this page.
    pub rows: Vec<Row>,
    /// What to say and do when there is no row.
    pub empty: String,
}

/// How a column is sorted now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sorted {
    /// Not by this column.
    No,
    /// Smallest or oldest first.
    Up,
    /// Largest or newest first.
    Down,
}

impl Sorted {
    fn aria(&self) -> &'static str {
        match self {
            Self::No => "none",
            Self::Up => "ascending",
            Self::Down => "descending",
        }
    }
}

/// One column.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name.
    pub label: String,
    /// The address that sorts by it, if that is possible.
    pub sort: Option<(String, Sorted)>,
    /// Figures, set to the right.
    pub figures: bool,
}

impl Column {
    /// A column of words that cannot be sorted by.
    pub fn new(label: impl Into<String>) -> Self {
        Self { label: label.into(), sort: None, figures: false }
    }

    /// Sortable: `path` is the page's address now, which keeps its filters; `by` is what the query's `sort` says for
    /// this column, with `-` before it for the other direction. The page goes back to the first.
    pub fn sorted(mut self, path: &str, by: &str) -> Self {
        let now = path.split_once('?').and_then(|(_, query)| address::value(query, "sort"));
        let state = match now.as_deref() {
            Some(now) if now == by => Sorted::Up,
            Some(now) if now.strip_prefix('-') == Some(by) => Sorted::Down,
            _ => Sorted::No,
        };
        let next = if state == Sorted::Up { format!("-{by}") } else { by.to_owned() };
        let href = address::with(&address::without(path, "page"), "sort", &next);
        self.sort = Some((href, state));
        self
    }

    /// Set to the right.
    pub fn figures(mut self) -> Self {
        self.figures = true;
        self
    }
}

/// One row.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// The cells, as many as columns.
    pub cells: Vec<Cell>,
    /// What stands out about the row: shown as a bar at its left; say it in a cell, too.
    pub marked: bool,
}

/// One cell; an empty text is shown as «—».
#[derive(Debug, Clone)]
pub enum Cell {
    /// Words.
    Text(String),
    /// Words and a quiet second line.
    Lines(String, String),
    /// A link: address and words.
    Link(String, String),
    /// A state.
    State(Tag),
    /// A button that posts: address, words, and the key that presses it while the row has the focus (`KeyC`).
    Action {
        /// The address it posts to.
        to: String,
        /// What stands on it.
        words: String,
        /// Its key; empty for none.
        key: &'static str,
    },
}

impl Table {
    fn cells<'a>(&'a self, row: &'a Row) -> impl Iterator<Item = (&'a Column, &'a Cell)> {
        self.columns.iter().zip(&row.cells)
    }
}

impl HtmlSafe for Table {}

/// Which page of how many, with links.
#[derive(Clone, Template)]
#[template(path = "pages/pagination.html")]
pub struct Pagination {
    /// Words.
    pub t: Texts,
    /// The address of the list with its filters; `page` in its query is replaced.
    pub path: String,
    /// This page, from 1.
    pub page: u64,
    /// Rows on one page.
    pub per_page: u64,
    /// All rows.
    pub total: u64,
}

impl Pagination {
    /// The number of the last page, at least 1.
    pub fn last(&self) -> u64 {
        self.total.div_ceil(self.per_page.max(1)).max(1)
    }

    fn href(&self, page: u64) -> String {
        address::with(&self.path, "page", &page.to_string())
    }

    fn links(&self) -> Vec<(u64, String)> {
        self.shown().into_iter().map(|page| (page, self.href(page))).collect()
    }

    /// The first, the last and the neighbours of this page; 0 stands for a gap.
    fn shown(&self) -> Vec<u64> {
        let mut shown = Vec::new();
        for page in (1..=self.last()).filter(|&n| n == 1 || n == self.last() || n.abs_diff(self.page) <= 1) {
            if shown.last().is_some_and(|&before| before + 1 < page) {
                shown.push(0);
            }
            shown.push(page);
        }
        shown
    }
}

impl HtmlSafe for Pagination {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Lang;

    fn pages(page: u64, total: u64) -> Vec<u64> {
        let t = Texts::new(Lang::Uk);
        Pagination { t, path: "/queue".into(), page, per_page: 50, total }.shown()
    }

    #[test]
    fn pages_near_and_far() {
        assert_eq!(pages(1, 0), [1]);
        assert_eq!(pages(1, 51), [1, 2]);
        assert_eq!(pages(7, 1000), [1, 0, 6, 7, 8, 0, 20]);
        assert_eq!(pages(2, 200), [1, 2, 3, 4]);
    }

    #[test]
    fn sorting_turns_round_and_keeps_filters() {
        let column = |path: &str| Column::new("Строк").sorted(path, "due").sort.unwrap();
        assert_eq!(column("/queue?state=new&page=3"), ("/queue?state=new&sort=due".into(), Sorted::No));
        assert_eq!(column("/queue?sort=due"), ("/queue?sort=-due".into(), Sorted::Up));
        assert_eq!(column("/queue?sort=-due"), ("/queue?sort=due".into(), Sorted::Down));
    }
}
