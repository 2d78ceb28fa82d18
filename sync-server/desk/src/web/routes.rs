//! Every route of the desk, and who may use it: the only place that says so.

use super::guard::guard;
use super::pages::{
    accounts, actions, audit, bulk, card, check_shift, choices, code, consultations, entry, evidence, inviting,
    journal, lost, marks, numbers, papers, protection, queue, rebirths, recovery, request, rotation, second_factor,
    sessions, set_aside, sticks, suitcases, twins,
};
use super::pages::{catalogue_draft, catalogue_edit, catalogue_pages, erasures};
use super::{MOST_BYTES, MOST_UPLOADED, Site};
use crate::app::Rank;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};
use std::sync::Arc;
use tower_http::limit::RequestBodyLimitLayer;

/// What somebody needs to use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// Nothing.
    Nothing,
    /// To be signed in with this rank or a higher one.
    Account(Rank),
}

/// How a route is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    /// Looks.
    Get,
    /// Does.
    Post,
}

/// One route.
pub(crate) struct Row {
    pub verb: Verb,
    pub path: &'static str,
    pub need: Need,
    /// Pages ask by themselves: it keeps no session alive.
    pub quiet: bool,
    /// The longest body it takes, bytes.
    pub most: usize,
    to: fn() -> MethodRouter<Arc<Site>>,
}

const fn open(verb: Verb, path: &'static str, to: fn() -> MethodRouter<Arc<Site>>) -> Row {
    Row { verb, path, need: Need::Nothing, quiet: false, most: MOST_BYTES, to }
}

const fn clerk(verb: Verb, path: &'static str, to: fn() -> MethodRouter<Arc<Site>>) -> Row {
    Row { verb, path, need: Need::Account(Rank::Clerk), quiet: false, most: MOST_BYTES, to }
}

const fn live(path: &'static str, to: fn() -> MethodRouter<Arc<Site>>) -> Row {
    Row { verb: Verb::Get, path, need: Need::Account(Rank::Clerk), quiet: true, most: MOST_BYTES, to }
}

const fn administrator(verb: Verb, path: &'static str, to: fn() -> MethodRouter<Arc<Site>>) -> Row {
    Row { verb, path, need: Need::Account(Rank::Administrator), quiet: false, most: MOST_BYTES, to }
}

/// Files come along.
const fn upload(path: &'static str, to: fn() -> MethodRouter<Arc<Site>>) -> Row {
    let need = Need::Account(Rank::Administrator);
    Row { verb: Verb::Post, path, need, quiet: false, most: MOST_UPLOADED, to }
}

/// All routes.
pub(crate) static ROUTES: &[Row] = &[
    open(Verb::Get, "/desk.css", || get(entry::stylesheet)),
    open(Verb::Get, "/sign-in", || get(entry::sign_in)),
    open(Verb::Post, "/sign-in", || post(entry::signed_in)),
    open(Verb::Get, "/sign-in/code", || get(code::form)),
    open(Verb::Post, "/sign-in/code", || post(code::entered)),
    open(Verb::Get, "/unseal", || get(entry::unseal)),
    open(Verb::Post, "/unseal", || post(entry::unsealed)),
    open(Verb::Post, "/sign-out", || post(entry::sign_out)),
    clerk(Verb::Get, "/", || get(entry::start)),
    live("/status", || get(entry::status)),
    clerk(Verb::Get, "/queue", || get(queue::queue)),
    live("/queue/news", || get(queue::news)),
    clerk(Verb::Get, "/queue.csv", || get(queue::sheet)),
    clerk(Verb::Post, "/queue/next", || post(queue::next)),
    clerk(Verb::Post, "/queue/bulk", || post(bulk::answer)),
    clerk(Verb::Get, "/queue/outcome/{id}", || get(bulk::outcome)),
    clerk(Verb::Post, "/filters", || post(queue::keep_filter)),
    clerk(Verb::Post, "/filters/drop", || post(queue::drop_filter)),
    clerk(Verb::Get, "/journal", || get(journal::journal)),
    clerk(Verb::Get, "/journal.csv", || get(journal::sheet)),
    clerk(Verb::Get, "/journal/open-data.csv", || get(journal::open_data)),
    clerk(Verb::Get, "/journal/print", || get(journal::print)),
    clerk(Verb::Get, "/numbers", || get(numbers::list)),
    clerk(Verb::Get, "/numbers.csv", || get(numbers::sheet)),
    clerk(Verb::Get, "/check-shift", || get(check_shift::form)),
    clerk(Verb::Post, "/check-shift", || post(check_shift::check)),
    clerk(Verb::Get, "/consultations", || get(consultations::list)),
    clerk(Verb::Get, "/consultations.csv", || get(consultations::sheet)),
    clerk(Verb::Get, "/consultations/{record}", || get(consultations::one)),
    clerk(Verb::Get, "/requests/{number}", || get(request::request)),
    clerk(Verb::Get, "/requests/{number}/card", || get(card::card)),
    clerk(Verb::Get, "/requests/{number}/opys", || get(papers::opys)),
    clerk(Verb::Get, "/requests/{number}/papers/{name}", || get(papers::paper)),
    clerk(Verb::Get, "/requests/{number}/sheet", || get(marks::sheet)),
    clerk(Verb::Get, "/requests/{number}/marks", || get(marks::marks)),
    clerk(Verb::Get, "/requests/{number}/marks/{kind}", || get(marks::form)),
    clerk(Verb::Post, "/requests/{number}/marks/{kind}", || post(marks::put)),
    clerk(Verb::Get, "/requests/{number}/evidence", || get(evidence::about)),
    clerk(Verb::Post, "/requests/{number}/evidence", || post(evidence::file)),
    clerk(Verb::Get, "/requests/{number}/twins", || get(twins::twins)),
    clerk(Verb::Post, "/requests/{number}/twins/{other}/{verdict}", || post(twins::decide)),
    clerk(Verb::Post, "/requests/{number}/{action}", || post(actions::act)),
    clerk(Verb::Get, "/requests/{number}/differences/{key}", || get(choices::difference)),
    clerk(Verb::Post, "/requests/{number}/differences/{key}", || post(choices::resolve)),
    clerk(Verb::Get, "/requests/{number}/decisions/{event}", || get(choices::decision)),
    clerk(Verb::Post, "/requests/{number}/decisions/{event}", || post(choices::settle)),
    clerk(Verb::Get, "/set-aside", || get(set_aside::list)),
    clerk(Verb::Post, "/set-aside/{chain}/{seq}/accept", || post(set_aside::accept)),
    clerk(Verb::Post, "/set-aside/{chain}/{seq}/decline", || post(set_aside::decline)),
    clerk(Verb::Get, "/sticks", || get(sticks::show)),
    clerk(Verb::Post, "/sticks/in", || post(sticks::read)),
    clerk(Verb::Post, "/sticks/out", || post(sticks::write)),
    clerk(Verb::Get, "/passphrase", || get(accounts::own)),
    clerk(Verb::Post, "/passphrase", || post(accounts::set_own)),
    clerk(Verb::Get, "/code", || get(second_factor::show)),
    clerk(Verb::Post, "/code", || post(second_factor::confirm)),
    clerk(Verb::Post, "/code/remove", || post(second_factor::remove)),
    administrator(Verb::Get, "/audit", || get(audit::audit)),
    administrator(Verb::Get, "/audit.csv", || get(audit::sheet)),
    clerk(Verb::Get, "/catalogue", || get(catalogue_pages::list)),
    clerk(Verb::Get, "/catalogue/who", || get(catalogue_pages::who)),
    clerk(Verb::Get, "/catalogue/releases/{release}", || get(catalogue_pages::release)),
    clerk(Verb::Get, "/catalogue/releases/{release}/file", || get(catalogue_pages::file)),
    clerk(Verb::Get, "/catalogue/releases/{release}/services/{service}", || get(catalogue_pages::service)),
    upload("/catalogue/drafts", || post(catalogue_draft::begin)),
    administrator(Verb::Post, "/catalogue/drafts/back", || post(catalogue_draft::back)),
    administrator(Verb::Post, "/catalogue/trials/end", || post(catalogue_draft::end_trial)),
    administrator(Verb::Get, "/catalogue/drafts/{draft}", || get(catalogue_draft::draft)),
    upload("/catalogue/drafts/{draft}/files", || post(catalogue_draft::upload)),
    administrator(Verb::Post, "/catalogue/drafts/{draft}/drop", || post(catalogue_draft::drop_file)),
    administrator(Verb::Post, "/catalogue/drafts/{draft}/set", || post(catalogue_draft::set)),
    administrator(Verb::Post, "/catalogue/drafts/{draft}/try", || post(catalogue_draft::try_on)),
    administrator(Verb::Post, "/catalogue/drafts/{draft}/publish", || post(catalogue_draft::publish)),
    administrator(Verb::Post, "/catalogue/drafts/{draft}/discard", || post(catalogue_draft::discard)),
    administrator(Verb::Get, "/catalogue/drafts/{draft}/services/{service}", || get(catalogue_edit::service)),
    administrator(Verb::Post, "/catalogue/drafts/{draft}/services/{service}", || post(catalogue_edit::set_service)),
    administrator(Verb::Get, "/catalogue/drafts/{draft}/shared", || get(catalogue_edit::shared)),
    administrator(Verb::Post, "/catalogue/drafts/{draft}/shared", || post(catalogue_edit::set_shared)),
    administrator(Verb::Get, "/suitcases", || get(suitcases::list)),
    administrator(Verb::Post, "/suitcases", || post(inviting::invite)),
    administrator(Verb::Get, "/suitcases/invite", || get(inviting::form)),
    administrator(Verb::Post, "/suitcases/invite/file", || post(inviting::file)),
    administrator(Verb::Post, "/suitcases/invitations/{id}/withdraw", || post(inviting::withdraw)),
    administrator(Verb::Post, "/suitcases/compare/{chain}/{answer}", || post(inviting::compared)),
    administrator(Verb::Post, "/suitcases/continue/{chain}/confirm", || post(rebirths::confirm)),
    administrator(Verb::Post, "/suitcases/continue/{chain}/decline", || post(rebirths::decline)),
    administrator(Verb::Get, "/suitcases/{number}", || get(suitcases::one)),
    administrator(Verb::Post, "/suitcases/{number}/place", || post(suitcases::place)),
    administrator(Verb::Post, "/suitcases/{number}/revoke", || post(suitcases::revoke)),
    administrator(Verb::Get, "/suitcases/{number}/recovery", || get(recovery::form)),
    administrator(Verb::Post, "/suitcases/{number}/recovery", || post(recovery::show)),
    administrator(Verb::Get, "/suitcases/{number}/lost", || get(lost::report)),
    administrator(Verb::Post, "/suitcases/{number}/lost", || post(lost::note)),
    administrator(Verb::Get, "/backups", || get(super::pages::backups::list)),
    administrator(Verb::Post, "/backups", || post(super::pages::backups::begin)),
    administrator(Verb::Post, "/backups/check", || post(super::pages::backups::check)),
    administrator(Verb::Get, "/accounts", || get(accounts::list)),
    administrator(Verb::Post, "/accounts", || post(accounts::add)),
    administrator(Verb::Get, "/accounts/{login}", || get(accounts::one)),
    administrator(Verb::Post, "/accounts/{login}/disable", || post(accounts::disable)),
    administrator(Verb::Post, "/accounts/{login}/enable", || post(accounts::enable)),
    administrator(Verb::Post, "/accounts/{login}/passphrase", || post(accounts::set)),
    administrator(Verb::Post, "/accounts/{login}/rank", || post(accounts::rank)),
    administrator(Verb::Post, "/accounts/{login}/factor", || post(accounts::factor)),
    administrator(Verb::Get, "/sessions", || get(sessions::list)),
    administrator(Verb::Post, "/sessions/{id}/end", || post(sessions::end)),
    administrator(Verb::Get, "/erasures", || get(erasures::list)),
    administrator(Verb::Post, "/erasures", || post(erasures::propose)),
    administrator(Verb::Post, "/erasures/find", || post(erasures::find)),
    administrator(Verb::Post, "/erasures/days", || post(erasures::days)),
    administrator(Verb::Get, "/erasures/new", || get(erasures::plan)),
    administrator(Verb::Get, "/erasures/{id}", || get(erasures::one)),
    administrator(Verb::Post, "/erasures/{id}/confirm", || post(erasures::confirm)),
    administrator(Verb::Post, "/erasures/{id}/decline", || post(erasures::decline)),
    administrator(Verb::Get, "/protection", || get(protection::show)),
    administrator(Verb::Post, "/protection/settings", || post(protection::settings)),
    administrator(Verb::Post, "/protection/kit", || post(protection::drill)),
    administrator(Verb::Post, "/protection/keys/begin", || post(rotation::begin)),
    administrator(Verb::Post, "/protection/keys/finish", || post(rotation::finish)),
];

/// The routes, each behind its guard.
pub(crate) fn router(site: &Arc<Site>) -> Router<Arc<Site>> {
    ROUTES.iter().fold(Router::new(), |router, row| {
        let sized: MethodRouter<Arc<Site>> = (row.to)().layer(DefaultBodyLimit::max(row.most));
        let sized: MethodRouter<Arc<Site>> = sized.layer(RequestBodyLimitLayer::new(row.most));
        let guarded = sized.layer(from_fn_with_state((Arc::clone(site), row), guard));
        router.route(row.path, guarded)
    })
}
