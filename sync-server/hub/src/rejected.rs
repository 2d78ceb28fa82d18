//! Requests that get no signed answer.

use crate::store::StoreError;
use signing::canonical::DecodeError;

/// Why there is no answer; what the sender is told, in Ukrainian and English.
#[derive(Debug, thiserror::Error)]
pub enum Rejected {
    /// The bytes are no request.
    #[error("повідомлення пошкоджене; надішліть ще раз / the message is damaged; send it again: {0}")]
    Malformed(DecodeError),
    /// It is a message of a version that this program does not read yet.
    #[error(
        "вузол обміну має старішу версію: він читає повідомлення версій від 1 до {newest}, а це — версії {stated}; його треба оновити, дані у вас збережено / the hub is of an older version: it reads messages of versions 1 to {newest}, and this one is of version {stated}; it has to be updated, your data are kept"
    )]
    Later {
        /// The version that the message states.
        stated: u8,
        /// The newest that is read here.
        newest: u8,
    },
    /// Over [`chain::limits::MESSAGE`], [`chain::limits::CARRIAGE`] or [`chain::limits::ENROLMENT`].
    #[error("повідомлення завелике; надсилайте меншими частинами / the message is too large; send it in smaller parts")]
    TooLarge,
    /// A laptop is certified and asks for the whole register, which does not go into one answer any more: a program of before.
    #[error(
        "реєстр громади виріс за межу одного повідомлення, а ця програма просить його цілим: оновіть програму на цьому ноутбуці / the community's register has outgrown one message, and this program asks for all of it at once: update the program on this laptop"
    )]
    Outgrown,
    /// The community has no place on this hub.
    #[error(
        "цей сервер не обслуговує вашу громаду; перевірте адресу / this server does not serve your community; check the address"
    )]
    Tenant,
    /// Not signed by the sender that it names.
    #[error("підпис відправника не збігається / the sender's signature does not verify")]
    Signature,
    /// Who carries letters has no valid certificate.
    #[error(
        "чужі листи приносить лише центр або чинна валіза цієї громади; зверніться до центру / letters are brought by the centre or a suitcase in force only; call the centre"
    )]
    Carrier,
    /// One sender asks for more than its share; others are served meanwhile.
    #[error(
        "забагато запитів від одного відправника; дані у вас збережено, спробу буде повторено за {retry_after_s} с / too many requests of one sender; your data are kept, it will be tried again in {retry_after_s} s"
    )]
    TooMany {
        /// When it may ask again.
        retry_after_s: u32,
    },
    /// The store cannot work just now; nothing was taken.
    #[error(
        "сервер тимчасово не може записати; дані у вас збережено, спробу буде повторено / the server cannot store just now; your data are kept, it will be tried again: {0}"
    )]
    Store(#[from] StoreError),
}

impl Rejected {
    /// Of bytes that could not be read as a message of a kind of which versions up to `newest` are.
    pub(crate) fn unread(bytes: &[u8], newest: u8, error: DecodeError) -> Self {
        match chain::later_version(bytes, newest) {
            Some(stated) => Self::Later { stated, newest },
            None => Self::Malformed(error),
        }
    }
}
