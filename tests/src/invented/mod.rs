//! Invented residents of a real hromada: families that fit together, and what they ask the centre for.
//!
//! Everything follows from a seed. Names and streets come from one of two pools that have nothing in common:
//! [`TRAINING`], on which the dictionary of sealed bodies is trained, and [`UNSEEN`], with which its worth for
//! strangers is measured. Check digits are valid, settlements and services real; no person is. Sources of the lists:
//! `NOTICE.txt`.

mod answers;
mod as_records;
mod corpus;
mod dice;
mod forms;
mod household;
mod hromada;
mod person;
mod phrases;
mod pool;
mod request;
mod training;
mod training_names;
mod unseen_names;

pub use answers::Scene;
pub use as_records::{Refers, request_fields, resident_fields, visit_fields};
pub use corpus::{Change, Sample, TODAY, corpus};
pub use dice::Dice;
pub use forms::{forms, forms_for_every_service};
pub use household::{Families, Household, Kin, Member};
pub use hromada::{Address, Hromada};
pub use person::{Document, Person, Sex, iban};
pub use pool::{Pool, TRAINING, UNSEEN};
pub use request::{Request, can_be_taken};
pub use training::{DICTIONARY_BYTES, trained};
