//! The consent to the processing of personal data: versioned texts with the centre's details filled in.

use jiff::civil::Date;

use crate::catalogue::Catalogue;
use crate::text::{Lang, Text};

/// One version of the consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Version, growing. A request keeps it beside the hash of [`Consent::bytes`].
    pub version: u32,
    /// First day it is used.
    pub effective_from: Date,
    /// Heading.
    pub title: Text,
    /// The parts; each is consented to by itself.
    pub parts: Vec<ConsentPart>,
    /// Who may have signed, to choose from: the resident, a representative, or, for one who cannot sign, two witnesses.
    pub signed_by: Vec<Signatory>,
}

/// In what manner the consent was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signatory {
    /// Key: `self`, `representative`, `witnesses`.
    pub id: String,
    /// In words.
    pub label: Text,
}

/// A part that is consented to by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentPart {
    /// Key: `data`, `health`, `contact`.
    pub id: String,
    /// Heading.
    pub title: Text,
    /// The text, with places for the owner's details: `{owner}`, `{code}`, `{address}`, `{contact}`.
    pub text: Text,
    /// Whether the request cannot be taken without it.
    pub required: bool,
}

/// The owner of the personal data (володілець): the body of the community that runs the centre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// Its name.
    pub name: String,
    /// Its code in the register of legal entities (ЄДРПОУ).
    pub code: String,
    /// Its address.
    pub address: String,
    /// How to reach the person responsible for personal data.
    pub contact: String,
}

impl Owner {
    fn detail(&self, place: &str) -> Option<&str> {
        match place {
            "owner" => Some(&self.name),
            "code" => Some(&self.code),
            "address" => Some(&self.address),
            "contact" => Some(&self.contact),
            _ => None,
        }
    }
}

/// Whether every brace of a text belongs to one of the four places.
pub(crate) fn places_are_known(text: &str) -> bool {
    let bare =
        ["{owner}", "{code}", "{address}", "{contact}"].iter().fold(text.to_owned(), |t, place| t.replace(place, ""));
    !bare.contains(['{', '}'])
}

impl Consent {
    /// The version that ships with the program: of [`Catalogue::embedded`].
    pub fn embedded() -> &'static Consent {
        Catalogue::embedded().consent()
    }

    /// A part by its id.
    pub fn part(&self, id: &str) -> Option<&ConsentPart> {
        self.parts.iter().find(|part| part.id == id)
    }

    /// The exact bytes of what was consented to, in both languages, for hashing: label and version, then every text
    /// with the owner's details filled in, each led by its length. Two different texts never give the same bytes.
    ///
    /// Layout: `valiza-consent-1`, version as u32 big-endian, then for the title and for id, title and text of each
    /// part, Ukrainian before English: length in bytes as u32 big-endian, UTF-8.
    pub fn bytes(&self, owner: &Owner) -> Vec<u8> {
        let mut bytes = b"valiza-consent-1".to_vec();
        bytes.extend(self.version.to_be_bytes());
        let mut put = |text: &str| {
            bytes.extend(u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes());
            bytes.extend(text.as_bytes());
        };
        put(&self.title.uk);
        put(&self.title.en);
        for part in &self.parts {
            put(&part.id);
            put(&part.title.uk);
            put(&part.title.en);
            put(&part.filled(Lang::Uk, owner));
            put(&part.filled(Lang::En, owner));
        }
        bytes
    }
}

impl ConsentPart {
    /// The text with the owner's details in their places. Details are put in once: braces inside them stay as they are.
    pub fn filled(&self, lang: Lang, owner: &Owner) -> String {
        let mut filled = String::new();
        let mut rest = self.text.get(lang);
        // The loader let only these four places in.
        while let Some((before, place)) = rest.split_once('{') {
            let Some((name, after)) = place.split_once('}') else { break };
            filled.push_str(before);
            filled.push_str(owner.detail(name).unwrap_or_default());
            rest = after;
        }
        filled.push_str(rest);
        filled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner() -> Owner {
        Owner {
            name: "Виконавчий комітет Зразкової міської ради".to_owned(),
            code: "00000000".to_owned(),
            address: "м. Зразкове, вул. Садова, 1".to_owned(),
            contact: "тел. 0 800 000 000".to_owned(),
        }
    }

    #[test]
    fn every_place_is_filled_in_both_languages() {
        let consent = Consent::embedded();
        for part in &consent.parts {
            for lang in [Lang::Uk, Lang::En] {
                let filled = part.filled(lang, &owner());
                assert!(!filled.contains(['{', '}']), "{}: {filled}", part.id);
            }
        }
        let data = consent.part("data").unwrap();
        for detail in [owner().name, owner().code, owner().address, owner().contact] {
            assert!(data.filled(Lang::Uk, &owner()).contains(&detail));
            assert!(data.filled(Lang::En, &owner()).contains(&detail));
        }
    }

    #[test]
    fn health_data_and_messages_are_consented_to_apart() {
        let consent = Consent::embedded();
        assert!(consent.part("data").unwrap().required);
        assert!(!consent.part("health").unwrap().required);
        assert!(!consent.part("contact").unwrap().required);
    }

    #[test]
    fn another_owner_or_version_gives_other_bytes() {
        let consent = Consent::embedded();
        let bytes = consent.bytes(&owner());
        assert!(bytes.starts_with(b"valiza-consent-1"));
        assert_eq!(bytes, consent.bytes(&owner()));
        assert_ne!(bytes, consent.bytes(&Owner { contact: "тел. 0 800 000 001".to_owned(), ..owner() }));
        let next = Consent { version: consent.version + 1, ..consent.clone() };
        assert_ne!(bytes, next.bytes(&owner()));
    }

    #[test]
    fn braces_in_details_are_plain_text() {
        let part = ConsentPart {
            id: "x".to_owned(),
            title: Text::new("т", "t"),
            text: Text::new("{owner}, {code}", "{owner}"),
            required: true,
        };
        let odd = Owner { name: "{code}".to_owned(), ..owner() };
        assert_eq!(part.filled(Lang::Uk, &odd), "{code}, 00000000");
        assert_eq!(part.filled(Lang::En, &odd), "{code}");
        assert!(places_are_known("{owner} · {contact}"));
        for broken in ["{owner", "owner}", "{phone}", "{{owner}}"] {
            assert!(!places_are_known(broken), "{broken}");
        }
    }

    #[test]
    fn the_bytes_are_laid_out_as_documented() {
        let consent = Consent {
            version: 258,
            effective_from: jiff::civil::date(2026, 1, 1),
            title: Text::new("Я", "I"),
            parts: vec![ConsentPart {
                id: "data".to_owned(),
                title: Text::new("Д", "D"),
                text: Text::new("{code}", "for {code}"),
                required: true,
            }],
            signed_by: Vec::new(),
        };
        let golden: &[&[u8]] = &[
            b"valiza-consent-1\x00\x00\x01\x02",
            b"\x00\x00\x00\x02\xd0\xaf\x00\x00\x00\x01I",
            b"\x00\x00\x00\x04data\x00\x00\x00\x02\xd0\x94\x00\x00\x00\x01D",
            b"\x00\x00\x00\x0800000000\x00\x00\x00\x0cfor 00000000",
        ];
        assert_eq!(consent.bytes(&owner()), golden.concat());
    }
}
