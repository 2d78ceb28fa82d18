//! The centre's half with keys: opens, decides, certifies.
