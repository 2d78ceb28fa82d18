//! What can be wrong with something sealed, or with something to be sealed.

/// Why bytes were not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Sealed by a newer program with a suite that this one does not know: kept until the program is upgraded.
    #[error(
        "запечатано новішою програмою (набір шифрів {0}): оновіть програму / sealed by a newer program (suite {0}): upgrade this one"
    )]
    UnknownSuite(u8),
    /// Compressed with a dictionary that this program does not have: kept until the program is upgraded.
    #[error(
        "стиснуто новішою програмою (словник {0}): оновіть програму / compressed by a newer program (dictionary {0}): upgrade this one"
    )]
    UnknownDictionary(u8),
    /// The key of this generation is not here.
    #[error(
        "немає ключа (покоління {0}): запис не для цього пристрою або ключ уже повернуто / the key (generation {0}) is not here: the record is not for this device, or was handed back"
    )]
    NoKey(u32),
    /// The bytes, or what they are said to belong to, are not what was sealed; or the key is another.
    #[error(
        "печатку порушено: дані змінено або ключ чужий / the seal is broken: the data were changed, or the key is another"
    )]
    Tampered,
    /// Not the shape of anything sealed, or the sealer wrote nonsense.
    #[error(
        "дані не мають будови запечатаного: файл або запис пошкоджено / the bytes are not shaped like anything sealed: the file or entry is damaged"
    )]
    Malformed,
    /// What is inside is larger than anything this program seals.
    #[error("вміст більший за дозволений: запис відхилено / the content is larger than allowed: the entry is refused")]
    TooLarge,
}

impl OpenError {
    /// True if nothing is wrong but the age of this program: the bytes are kept and tried again after an upgrade.
    pub const fn waits_for_upgrade(self) -> bool {
        matches!(self, Self::UnknownSuite(_) | Self::UnknownDictionary(_))
    }
}

/// Why something was not sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// More than [`crate::MAX_PLAIN`] bytes.
    #[error("запис завеликий ({0} байтів із дозволених {max}): скоротіть його або поділіть на частини / the record is too large ({0} of {max} bytes): shorten or divide it", max = crate::MAX_PLAIN)]
    TooLong(usize),
    /// The reader's public key is one of the few under which every secret is the same.
    #[error(
        "відкритий ключ отримувача недійсний: перевірте його посвідчення / the recipient's public key is not valid: check its certificate"
    )]
    BadPublicKey,
}
