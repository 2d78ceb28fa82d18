//! A person and an address, as several kinds of records hold them.

use super::{Register, Registers};

/// A person as identified for a record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Party {
    /// Прізвище.
    pub last: Register,
    /// Власне ім’я.
    pub first: Register,
    /// По батькові, if any.
    pub patronymic: Register,
    /// Date of birth, `YYYY-MM-DD`.
    pub born: Register,
    /// `m` or `f`.
    pub sex: Register,
    /// РНОКПП.
    pub rnokpp: Register,
    /// Refused a taxpayer number for religious reasons (yes/no).
    pub rnokpp_refused: Register,
    /// УНЗР.
    pub unzr: Register,
    /// Kind of the identity document: see [`crate::fields::DocumentKind`].
    pub document: Register,
    /// Its series.
    pub series: Register,
    /// Its number.
    pub number: Register,
    /// Issued on, `YYYY-MM-DD`.
    pub issued: Register,
    /// Valid until, `YYYY-MM-DD`.
    pub until: Register,
    /// Issued by.
    pub issuer: Register,
    /// `original`, `chip`, `diia` or `none`.
    pub identified_by: Register,
    /// The resident's record.
    pub resident: Register,
}

impl Party {
    pub(super) fn read(registers: &Registers, prefix: &str) -> Self {
        let get = |name: &str| registers.register(&format!("{prefix}.{name}"));
        Self {
            last: get("last"),
            first: get("first"),
            patronymic: get("patr"),
            born: get("dob"),
            sex: get("sex"),
            rnokpp: get("rnokpp"),
            rnokpp_refused: get("norn"),
            unzr: get("unzr"),
            document: get("doc"),
            series: get("ser"),
            number: get("num"),
            issued: get("issued"),
            until: get("until"),
            issuer: get("org"),
            identified_by: get("seen"),
            resident: get("resident"),
        }
    }

    /// «Прізвище Ім’я По батькові»; empty if nothing is known.
    pub fn full_name(&self) -> String {
        let parts = [self.last.text(), self.first.text(), self.patronymic.text()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// Nobody is named.
    pub fn is_empty(&self) -> bool {
        self.full_name().is_empty()
    }
}

/// An address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Address {
    /// КАТОТТГ code of the settlement.
    pub katottg: Register,
    /// The settlement's name as printed.
    pub place: Register,
    /// Postal index.
    pub index: Register,
    /// «вул.», «просп.» …
    pub street_type: Register,
    /// Street.
    pub street: Register,
    /// House.
    pub house: Register,
    /// Корпус.
    pub part: Register,
    /// Flat.
    pub flat: Register,
    /// Since when, `YYYY-MM-DD`.
    pub since: Register,
}

impl Address {
    pub(super) fn read(registers: &Registers, prefix: &str) -> Self {
        let get = |name: &str| registers.register(&format!("{prefix}.{name}"));
        Self {
            katottg: get("kat"),
            place: get("place"),
            index: get("index"),
            street_type: get("stype"),
            street: get("street"),
            house: get("house"),
            part: get("part"),
            flat: get("flat"),
            since: get("since"),
        }
    }

    /// One line: «Заліське, вул. Шевченка, буд. 12, кв. 3, 32300»; empty if nothing is known.
    pub fn line(&self) -> String {
        let labelled = |label: &str, register: &Register| match register.text() {
            "" => String::new(),
            text => format!("{label} {text}").trim().to_owned(),
        };
        let parts = [
            self.place.text().to_owned(),
            labelled(self.street_type.text(), &self.street),
            labelled("буд.", &self.house),
            labelled("корп.", &self.part),
            labelled("кв.", &self.flat),
            self.index.text().to_owned(),
        ];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }
}
