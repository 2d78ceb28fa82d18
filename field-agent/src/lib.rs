//! The suitcase: what the officer's laptop does, as use cases ([`app`]), and how it is asked for: on the command line
//! ([`cli`]) and on the pages ([`web`]).

pub mod app;
pub mod cli;
pub mod config;
pub mod web;
