//! Why an edit is not written or stored changes make no document.

use crate::Sentence;

/// Why an edit was not written, or stored changes do not make a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentError {
    /// The schema has no such key for this kind.
    UnknownKey(String),
    /// The field does not hold such a value (wrong type or too long).
    WrongValue(String),
    /// The field's rule forbids writing it now (fixed at birth, added once, first proven wins).
    Forbidden(String),
    /// More fields or text than one change may have.
    TooLarge,
    /// The record has no more room for changes.
    Full,
    /// The record has not been created, or its first change has not arrived.
    NoBirth,
    /// The stored changes do not fit together: the store is damaged.
    Damaged,
    /// automerge failed on a change; the document was emptied and must be loaded again from the changes before it.
    Failed,
}

impl DocumentError {
    /// The sentence for a person.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::UnknownKey(key) => Sentence::new(
                format!("поля «{key}» немає в записах цього виду: оновіть програму або перевірте назву поля"),
                format!("records of this kind have no field «{key}»: update the program or check the name"),
            ),
            Self::WrongValue(key) => Sentence::new(
                format!("поле «{key}» не вміщує такого значення: скоротіть текст або перевірте вид значення"),
                format!("field «{key}» cannot hold this value: shorten it or check its type"),
            ),
            Self::Forbidden(key) => Sentence::new(
                format!("поле «{key}» вже не можна змінити: його записують один раз"),
                format!("field «{key}» cannot be changed any more: it is written once"),
            ),
            Self::TooLarge => Sentence::new(
                "забагато тексту для одного збереження: скоротіть відповіді або додайте їх файлом",
                "too much text to save at once: shorten the answers or attach them as a file",
            ),
            Self::Full => Sentence::new(
                "у записі забагато змін: створіть новий запис і пошліться на цей",
                "the record has too many changes: create a new one that refers to it",
            ),
            Self::NoBirth => Sentence::new(
                "запис ще не створено або його початок не надійшов",
                "the record has not been created or its beginning has not arrived",
            ),
            Self::Damaged => Sentence::new(
                "збережені зміни запису не сходяться: запустіть перевірку сховища (verify)",
                "the record's stored changes do not fit together: run verify",
            ),
            Self::Failed => Sentence::new(
                "зміну не вдалося застосувати: її відкладено, запис не змінено",
                "the change could not be applied: it is set aside, the record is unchanged",
            ),
        }
    }
}

impl std::fmt::Display for DocumentError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.sentence().fmt(f)
    }
}

impl std::error::Error for DocumentError {}
