//! What stands on the printed papers of a request, the same whether the suitcase or the centre prints: a request and
//! the catalogue it was taken under, put into the sheets of [`pages`].
//!
//! [`Case::sheets`] gives the papers; a page shows them ([`pages::PaperPage`]) and the browser prints them. With the
//! feature `pdf` `pdf::render` sets the same sheets as PDF/A in a process of its own.
//!
//! Papers are in Ukrainian.

mod answers;
mod case;
mod consent;
pub mod pdf;
mod person;
mod routing;
mod shift;
mod statement;
pub mod verifier;

pub use case::{Case, Centre, Signer};

/// The name under which all papers of a request are printed at once.
pub const ALL: &str = "all";

/// The papers with this name in addresses and commands: one, or [`ALL`] of them.
pub fn named(name: &str) -> Option<Vec<pages::PaperKind>> {
    match name {
        ALL => Some(pages::PaperKind::ALL.to_vec()),
        name => Some(vec![pages::PaperKind::from_name(name)?]),
    }
}

pub use shift::{shift_from_text, shift_to_text};
pub use statement::{Statement, StatementError};
