//! What can go wrong with a vault, in the officer's words.

use crate::{CostError, SealError};

/// Why a vault was not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnlockError {
    /// No slot of this login.
    #[error(
        "на цій валізі немає такого працівника: перевірте ім’я входу / no such officer on this suitcase: check the login"
    )]
    NoSuchOfficer,
    /// The passphrase is not that of the slot.
    #[error(
        "пароль не підходить: перевірте розкладку й великі літери / the passphrase does not fit: check the keyboard layout and capitals"
    )]
    WrongPassphrase,
    /// No recovery slot, or it was used.
    #[error(
        "коду відновлення немає або його вже використано: попросіть центр про новий / there is no recovery code, or it was used: ask the centre for a new one"
    )]
    NoRecovery,
    /// The code is not that of the slot.
    #[error(
        "код відновлення не підходить до цієї валізи: перевірте кожне слово / the recovery code does not fit this suitcase: check each word"
    )]
    WrongCode,
    /// The slot does not hold this vault's key.
    #[error("файл сховища пошкоджено: візьміть його копію / the vault file is damaged: take its copy")]
    Damaged,
    /// The computer has not the memory that the slot asks for.
    #[error(
        "бракує пам’яті ({mib} МіБ) для перевірки пароля: закрийте інші програми й спробуйте ще / {mib} MiB of memory are needed to check the passphrase: close other programs and try again"
    )]
    Memory {
        /// How much is needed.
        mib: u32,
    },
}

/// Why a vault was not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// An officer of this login has a slot already.
    #[error("таке ім’я входу вже є: виберіть інше / this login is taken: choose another")]
    LoginTaken,
    /// No slot of this login.
    #[error(
        "на цій валізі немає такого працівника: перевірте ім’я входу / no such officer on this suitcase: check the login"
    )]
    NoSuchOfficer,
    /// The last slot stays.
    #[error(
        "це останній працівник валізи: спершу додайте іншого, інакше її ніхто не відкриє / this is the suitcase's last officer: add another first, or nobody will open it"
    )]
    LastOfficer,
    /// 32 officers have slots.
    #[error("на валізі вже 32 працівники: приберіть когось / the suitcase has 32 officers: remove somebody")]
    TooMany,
    /// The key given is another vault's.
    #[error("це ключ іншого сховища: відкрийте саме це / the key is another vault's: unlock this one")]
    OtherVault,
    /// The desk's public key is not one.
    #[error(transparent)]
    Recipient(#[from] SealError),
    /// The computer has not the memory that the cost asks for.
    #[error(
        "бракує пам’яті ({mib} МіБ) для пароля: закрийте інші програми й спробуйте ще / {mib} MiB of memory are needed for the passphrase: close other programs and try again"
    )]
    Memory {
        /// How much is needed.
        mib: u32,
    },
}

/// Why bytes are not a vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VaultFileError {
    /// Another file, or nothing.
    #[error("це не файл сховища Валізи: перевірте теку даних / this is not a Valiza vault file: check the data folder")]
    NotAVault,
    /// Written by a newer program.
    #[error(
        "файл сховища записала новіша програма (версія {0}): оновіть програму / the vault file was written by a newer program (version {0}): upgrade this one"
    )]
    Newer(u8),
    /// The checksum or the form is wrong.
    #[error("файл сховища пошкоджено: візьміть його копію / the vault file is damaged: take its copy")]
    Damaged,
    /// A slot's cost is out of bounds.
    #[error(transparent)]
    Cost(#[from] CostError),
}
