//! Layout, components, translations and assets of both web consoles.
//!
//! A console keeps its own templates and builds on these three ways:
//!
//! * its `askama.toml` says `dirs = ["templates", "…/shared/pages/templates"]`, its pages start with
//!   `{% extends "pages/layout.html" %}` and their structs have a field `page: Page` (see [`Page`]);
//! * components are values that print themselves: `{{ surname }}` of a [`Field`], `{{ queue }}` of a [`Table`];
//! * words come from Fluent files: `{{ page.t.text("save") }}` (see [`Texts`]).
//!
//! Everything a component is given is escaped; nothing here reads files, the clock or the environment.

pub mod address;
pub mod assets;
mod components;
pub mod format;
pub mod headers;
mod lang;
mod opys;
mod page;
mod papers;
pub mod qr;
mod texts;

pub use components::*;
pub use lang::{Lang, keep_language};
pub use opys::{Opys, OpysPaper};
pub use page::{Counts, Density, Message, NavItem, Page, Status};
pub use papers::*;
pub use texts::{PHRASES, Phrases, Texts, Value};
