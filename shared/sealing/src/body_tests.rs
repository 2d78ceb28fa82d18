use super::*;
use crate::dictionary::{Dictionary, train};
use crate::{EpochKey, SeededEntropy};
use proptest::prelude::*;
use std::collections::HashSet;

fn seeded(seed: u64) -> SeededEntropy {
    SeededEntropy::new(seed)
}

fn key() -> RecordKey {
    EpochKey::generate(&mut seeded(7)).record_key(RecordId::from_bytes([3; 16]))
}

fn place() -> BodyContext {
    BodyContext {
        tenant: TenantId::from_bytes([1; 16]),
        chain: ChainId::from_bytes([2; 16]),
        seq: 41,
        kind: 1,
        record: Some(RecordId::from_bytes([3; 16])),
    }
}

fn open(context: &BodyContext, sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
    open_body(|_| Some(key()), context, sealed)
}

/// Seals what an author with the key, but without our codec, may have put inside.
fn seal_inner(padded: &[u8]) -> Vec<u8> {
    let mut bytes = vec![SUITE, 1];
    bytes.extend_from_slice(&[9; NONCE]);
    bytes.extend_from_slice(padded);
    aead::seal(key().secret(), [9; NONCE], &place().authenticated(1), &mut bytes, 2 + NONCE);
    bytes
}

fn padded(inner: &[u8]) -> Vec<u8> {
    let mut bytes = [inner, &[PAD]].concat();
    bytes.resize(bytes.len().next_multiple_of(BLOCK), 0);
    bytes
}

proptest! {
    #[test]
    fn what_was_sealed_is_opened(plain in proptest::collection::vec(0u8..8, 0..2000), generation: u32, seed: u64) {
        let sealed = seal_body(&key(), generation, &place(), &plain, &mut seeded(seed)).unwrap();
        prop_assert_eq!(generation_of(&sealed), Ok(generation));
        let opened = open_body(|named| (named == generation).then(key), &place(), &sealed);
        prop_assert_eq!(opened, Ok(plain));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), suite in 0u8..3) {
        let mut bytes = bytes;
        if let Some(first) = bytes.first_mut() {
            *first = suite;
        }
        prop_assert!(open(&place(), &bytes).is_err());
    }

    #[test]
    fn no_content_of_a_hostile_author_makes_it_panic(inner in proptest::collection::vec(any::<u8>(), 1..300), id in 0u8..4) {
        let mut inner = inner;
        inner[0] = id;
        if let Ok(plain) = open(&place(), &seal_inner(&padded(&inner))) {
            prop_assert!(plain.len() <= MAX_PLAIN);
        }
    }
}

#[test]
fn the_length_tells_sixteen_bytes_at_most() {
    let mut entropy = seeded(1);
    let lengths: HashSet<usize> = (0..14)
        .map(|length| {
            let noise = &(&mut entropy as &mut dyn Entropy).array::<14>()[..length];
            seal_body(&key(), 1, &place(), noise, &mut seeded(2)).unwrap().len()
        })
        .collect();
    assert_eq!(lengths, HashSet::from([1 + 1 + NONCE + BLOCK + TAG]));
}

#[test]
fn the_largest_body_fits_and_no_larger_one() {
    let entropy: &mut dyn Entropy = &mut seeded(1);
    let mut noise = vec![0; MAX_PLAIN + 1];
    entropy.fill(&mut noise);
    let largest = &noise[..MAX_PLAIN];
    let sealed = seal_body(&key(), u32::MAX, &place(), largest, entropy).unwrap();
    assert_eq!(sealed.len(), MAX_SEALED);
    assert_eq!(open(&place(), &sealed).unwrap(), largest);
    assert_eq!(seal_body(&key(), 1, &place(), &noise, entropy), Err(SealError::TooLong(MAX_PLAIN + 1)));
    let longer = [&sealed[..], &[0; 16]].concat();
    assert_eq!(open(&place(), &longer), Err(OpenError::TooLarge));
}

#[test]
fn every_flipped_bit_is_noticed() {
    let sealed = seal_body(&key(), 1, &place(), "Марія, 4 папери".as_bytes(), &mut seeded(1)).unwrap();
    assert!(open(&place(), &sealed).is_ok());
    for bit in 0..sealed.len() * 8 {
        let mut changed = sealed.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(open(&place(), &changed).is_err(), "bit {bit}");
    }
}

#[test]
fn every_shortened_or_lengthened_body_is_refused() {
    let sealed = seal_body(&key(), 1, &place(), &[5; 60], &mut seeded(1)).unwrap();
    for length in 0..sealed.len() {
        assert!(open(&place(), &sealed[..length]).is_err(), "{length}");
    }
    assert_eq!(open(&place(), &[&sealed[..], &[0; 16]].concat()), Err(OpenError::Tampered));
}

#[test]
fn a_body_opens_in_its_own_place_only() {
    let sealed = seal_body(&key(), 1, &place(), b"body", &mut seeded(1)).unwrap();
    let here = place();
    let elsewhere = [
        BodyContext { tenant: TenantId::from_bytes([9; 16]), ..here },
        BodyContext { chain: ChainId::from_bytes([9; 16]), ..here },
        BodyContext { seq: 42, ..here },
        BodyContext { kind: 2, ..here },
        BodyContext { record: Some(RecordId::from_bytes([9; 16])), ..here },
        BodyContext { record: None, ..here },
    ];
    for context in elsewhere {
        assert_eq!(open(&context, &sealed), Err(OpenError::Tampered), "{context:?}");
    }
    // The generation stands in clear, and is authenticated all the same.
    let mut other_generation = sealed.clone();
    other_generation[1] = 2;
    assert_eq!(open(&here, &other_generation), Err(OpenError::Tampered));
}

#[test]
fn another_key_or_none_is_told_apart() {
    let sealed = seal_body(&key(), 3, &place(), b"body", &mut seeded(1)).unwrap();
    let other = RecordKey::random(&mut seeded(2));
    assert_eq!(open_body(|_| Some(&other), &place(), &sealed), Err(OpenError::Tampered));
    assert_eq!(open_body(|_| None::<RecordKey>, &place(), &sealed), Err(OpenError::NoKey(3)));
}

#[test]
fn what_is_newer_waits_for_an_upgrade() {
    let mut sealed = seal_body(&key(), 1, &place(), b"body", &mut seeded(1)).unwrap();
    sealed[0] = 2;
    assert_eq!(open(&place(), &sealed), Err(OpenError::UnknownSuite(2)));
    assert_eq!(suite_of(&sealed), Some(2));
    let newer = seal_inner(&padded(&[200, 1, 2, 3]));
    assert_eq!(open(&place(), &newer), Err(OpenError::UnknownDictionary(200)));
    assert!(OpenError::UnknownSuite(2).waits_for_upgrade());
    assert!(OpenError::UnknownDictionary(200).waits_for_upgrade());
    assert!(!OpenError::Tampered.waits_for_upgrade());
}

#[test]
fn a_bomb_is_refused_by_what_it_claims_and_by_what_it_is() {
    let zeros = zstd::bulk::compress(&vec![0; 64 << 20], 19).unwrap();
    assert!(zeros.len() < 8192);
    let bomb = [&[crate::dictionary::PLAIN_ZSTD], &zeros[4..]].concat();
    assert_eq!(open(&place(), &seal_inner(&padded(&bomb))), Err(OpenError::TooLarge));
    // The same frame with a lying size of 257 bytes: descriptor «two bytes of size, one segment».
    let honest = zstd::bulk::compress(&[0; 300], 3).unwrap();
    let mut lying = honest.clone();
    assert_eq!(lying[4] & 0xe0, 0x60);
    lying[5..7].copy_from_slice(&1u16.to_le_bytes());
    let lying = [&[crate::dictionary::PLAIN_ZSTD], &lying[4..]].concat();
    assert_eq!(open(&place(), &seal_inner(&padded(&lying))), Err(OpenError::Malformed));
    // A second frame behind the first, full or empty.
    for second in [honest.clone(), zstd::bulk::compress(&[], 3).unwrap()] {
        let twice = [&[crate::dictionary::PLAIN_ZSTD], &honest[4..], &second].concat();
        assert_eq!(open(&place(), &seal_inner(&padded(&twice))), Err(OpenError::Malformed));
    }
    let once = [&[crate::dictionary::PLAIN_ZSTD], &honest[4..]].concat();
    assert_eq!(open(&place(), &seal_inner(&padded(&once))), Ok(vec![0; 300]));
}

#[test]
fn padding_has_one_spelling() {
    for wrong in [[0; 16], [1; 16]] {
        assert_eq!(open(&place(), &seal_inner(&wrong)), Err(OpenError::Malformed));
    }
    // A whole block of padding too much.
    let long = [&padded(&[0, 1])[..], &[0; 16]].concat();
    assert_eq!(open(&place(), &seal_inner(&long)), Err(OpenError::Malformed));
    // Padding and nothing before it: not even a dictionary.
    assert_eq!(open(&place(), &seal_inner(&padded(&[]))), Err(OpenError::Malformed));
    assert_eq!(open(&place(), &seal_inner(&padded(&[0]))), Ok(vec![]));
}

#[test]
fn a_hundred_thousand_seals_repeat_no_nonce() {
    let (key, mut entropy) = (key(), crate::SystemEntropy::new());
    let mut seen = HashSet::new();
    for seq in 0..100_000 {
        let sealed = seal_body(&key, 1, &BodyContext { seq, ..place() }, b"x", &mut entropy).unwrap();
        assert!(seen.insert(sealed[2..2 + NONCE].to_vec()), "nonce repeated at {seq}");
    }
}

/// Invented lines that share much, as requests do.
fn sample(number: u32) -> Vec<u8> {
    let street = ["Садова", "Шкільна", "Лісова", "Польова"][number as usize % 4];
    let text = format!(
        "прізвище=Вигаданенко-{number};ім’я=Оксана;вулиця={street};буд={};послуга=субсидія;папери=паспорт,довідка;стан=прийнято",
        number * 7919 % 200
    );
    text.into_bytes()
}

#[test]
fn a_trained_dictionary_saves_bytes_and_is_needed_to_open() {
    let samples: Vec<Vec<u8>> = (0..800).map(sample).collect();
    let trained: &'static [u8] = train(&samples, 4096).unwrap().leak();
    let with: [Dictionary; 1] = [Dictionary { id: 77, bytes: trained }];
    let (mut with, mut without) = (Codec::new(&with), Codec::new(&[]));
    let unseen = sample(5000);
    let seal = |codec: &mut Codec| seal_with(codec, &key(), 1, &place(), &unseen, &mut seeded(1)).unwrap();
    let (small, large) = (seal(&mut with), seal(&mut without));
    assert!(small.len() * 2 < large.len(), "{} and {} bytes", small.len(), large.len());
    assert_eq!(open_with(&mut with, |_| Some(key()), &place(), &small).as_ref(), Ok(&unseen));
    // A newer program opens what was sealed without a dictionary; an older one waits.
    assert_eq!(open_with(&mut with, |_| Some(key()), &place(), &large).as_ref(), Ok(&unseen));
    let waits = open_with(&mut without, |_| Some(key()), &place(), &small);
    assert_eq!(waits, Err(OpenError::UnknownDictionary(77)));
    assert!(train(&samples[..1], 4096).is_err());
}

#[test]
fn the_shipped_dictionaries_have_numbers_of_their_own() {
    use crate::dictionary::{DICTIONARIES, PLAIN_ZSTD, RESERVED, STORED};
    let mut seen = HashSet::from([STORED, PLAIN_ZSTD, RESERVED]);
    assert!(DICTIONARIES.iter().all(|dictionary| seen.insert(dictionary.id)));
}
