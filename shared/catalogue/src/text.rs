//! Text in the two languages of the pages.

/// A language of the pages and papers. Ukrainian is the first and the official one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// Ukrainian.
    #[default]
    Uk,
    /// English.
    En,
}

/// One text in Ukrainian and English. Both are always there: the loader refuses an empty one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text {
    /// Ukrainian.
    pub uk: String,
    /// English.
    pub en: String,
}

impl Text {
    /// A text from both its languages.
    pub fn new(uk: impl Into<String>, en: impl Into<String>) -> Self {
        Self { uk: uk.into(), en: en.into() }
    }

    /// The text in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Uk => &self.uk,
            Lang::En => &self.en,
        }
    }
}
