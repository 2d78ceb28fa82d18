//! Filters that a clerk gave a name: an address of a list, in the menu of the account wherever it signs in.

use super::accounts::Rank;
use super::clerk_facts::ClerkFact;
use super::{Desk, DeskError};

/// So many filters of one account.
const MOST: usize = 20;
const NAME: usize = 40;
const ADDRESS: usize = 1_000;

/// A filter with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnFilter {
    /// Its name in the menu.
    pub name: String,
    /// Path and query of the list.
    pub address: String,
}

impl Desk {
    /// The filters of an account, by name.
    pub fn own_filters(&self, by: &str) -> Result<Vec<OwnFilter>, DeskError> {
        let book = self.book()?;
        let own = book.filters.iter().filter(|((login, _), _)| login == by);
        Ok(own.map(|((_, name), address)| OwnFilter { name: name.clone(), address: address.clone() }).collect())
    }

    /// Keeps a filter under a name; one that has the name gives way.
    pub fn keep_filter(&self, by: &str, name: &str, address: &str) -> Result<(), DeskError> {
        self.must_be(by, Rank::Clerk)?;
        let name: String = name.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() || name.chars().count() > NAME {
            return Err(DeskError::refused(
                format!("дайте добору назву, до {NAME} знаків"),
                format!("give the filter a name of up to {NAME} characters"),
            ));
        }
        let path = address.split('?').next().unwrap_or_default();
        let is_list = matches!(path, "/queue" | "/journal");
        if !is_list || address.len() > ADDRESS || !address.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(DeskError::refused(
                "зберегти можна лише добір черги або журналу: відкрийте список і спробуйте знову",
                "only a filter of the queue or the journal can be kept: open the list and try again",
            ));
        }
        let own = self.own_filters(by)?;
        if own.len() >= MOST && own.iter().all(|filter| filter.name != name) {
            return Err(DeskError::refused(
                format!("доборів уже {MOST}: приберіть зайвий"),
                format!("there are {MOST} filters already: take one away"),
            ));
        }
        self.tell_filter(by, name, address.to_owned())
    }

    /// Takes a filter away.
    pub fn drop_filter(&self, by: &str, name: &str) -> Result<(), DeskError> {
        self.must_be(by, Rank::Clerk)?;
        if self.own_filters(by)?.iter().all(|filter| filter.name != name) {
            return Err(DeskError::not_found("такого добору немає", "there is no such filter"));
        }
        self.tell_filter(by, name.to_owned(), String::new())
    }

    fn tell_filter(&self, by: &str, name: String, address: String) -> Result<(), DeskError> {
        self.act_as(by, move |act| {
            let (login, at) = (act.officer().to_owned(), act.now().0);
            act.own(&ClerkFact::Filter { login, name, address, at }.to_own()).map(|_| ())
        })
    }
}
