//! One file a page.

mod another;
mod carrier;
mod clash;
mod conflicts;
mod consultations;
mod correct;
mod day;
mod draft;
mod evidence;
mod exchange;
mod held;
mod help;
mod papers;
mod recover;
mod releases;
mod request;
mod requests;
mod resident;
mod residents;
mod review;
mod room;
mod saved;
mod services;
mod shift;
mod stick;
mod suggest;
mod unlock;
mod verify;

use super::console::Console;
use super::frame;
use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use pages::Lang;
use std::any::Any;
use std::sync::Arc;

/// The addresses of all pages.
pub fn router() -> Router<Arc<Console>> {
    Router::new()
        .route("/", get(unlock::start))
        .route("/launch/{token}", get(unlock::launch))
        .route("/unlock", get(unlock::show).post(unlock::unlock))
        .route("/lock", post(unlock::lock))
        .route("/lock/vault", post(unlock::lock_vault))
        .route("/lock/by-command", post(unlock::lock_by_command))
        .route("/continue", get(held::show))
        .route("/continue/{id}", post(held::resend))
        .route("/continue/{id}/drop", post(held::drop))
        .route("/status", get(day::status))
        .route("/day", get(day::show))
        .route("/requests", get(requests::show))
        .route("/requests/new", get(draft::new))
        .route("/drafts/{id}", get(draft::show).post(draft::post))
        .route("/drafts/{id}/autosave", post(draft::autosave))
        .route("/drafts/{id}/discard", post(draft::discard))
        .route("/drafts/{id}/restore", post(draft::restore))
        .route("/drafts/{id}/clash", post(clash::choose))
        .route("/drafts/{id}/release", post(draft::release))
        .route("/drafts/{id}/service", post(draft::choose))
        .route("/drafts/{id}/review", get(review::show))
        .route("/drafts/{id}/finish", post(review::finish))
        .route("/requests/{number}", get(request::show))
        .route("/requests/{number}/saved", get(saved::show))
        .route("/requests/{number}/another", post(another::request))
        .route("/requests/{number}/visit", post(saved::end_visit))
        .route("/requests/{number}/opys", get(papers::opys))
        .route("/requests/{number}/papers/{name}", get(papers::show))
        .route("/requests/{number}/evidence", get(evidence::show).post(evidence::file))
        .route("/requests/{number}/printed", post(papers::printed))
        .route("/requests/{number}/correct", get(correct::show).post(correct::post))
        .route("/requests/{number}/withdraw", post(request::withdraw))
        .route("/requests/{number}/supplement", post(request::supplement))
        .route("/requests/{number}/deliver", post(request::deliver))
        .route("/requests/{number}/note", post(request::note))
        .route("/requests/{number}/notes/{note}/withdraw", post(request::withdraw_note))
        .route("/requests/{number}/conflicts", get(conflicts::show))
        .route("/requests/{number}/conflicts/{key}", post(conflicts::resolve))
        .route("/residents", get(residents::show))
        .route("/residents/duplicates", get(resident::duplicates))
        .route("/residents/{record}", get(resident::show))
        .route("/residents/{record}/conflicts", get(conflicts::show_resident))
        .route("/residents/{record}/conflicts/{key}", post(conflicts::resolve_resident))
        .route("/residents/{record}/same", post(resident::same))
        .route("/residents/{record}/request", post(another::of_resident))
        .route("/services", get(services::show))
        .route("/services/{slug}", get(services::one))
        .route("/services/{slug}/request", post(another::of_service))
        .route("/exchange", get(exchange::show))
        .route("/exchange/now", post(exchange::now))
        .route("/carrier", get(carrier::show))
        .route("/carrier/through", post(carrier::through))
        .route("/carrier/start", post(carrier::start))
        .route("/carrier/stop", post(carrier::stop))
        .route("/stick", get(stick::show))
        .route("/stick/out", post(stick::out))
        .route("/stick/in", post(stick::home))
        .route("/shift", get(shift::show))
        .route("/shift/exchange", post(shift::exchange))
        .route("/shift/paper", get(shift::paper))
        .route("/shift/file", get(shift::file))
        .route("/numbers", get(shift::numbers).post(shift::void))
        .route("/room", get(room::show).post(room::make))
        .route("/help", get(help::show))
        .route("/releases", get(releases::show))
        .route("/recover", get(recover::show).post(recover::recover))
        .route("/verify", get(verify::show).post(verify::check))
        .route("/consultations", get(consultations::show))
        .route("/consultations/new", get(consultations::new).post(consultations::record))
        .route("/consultations/{record}/answer", post(consultations::answer))
        .route("/requests/{number}/undo/{event}", post(request::undo))
        .route("/requests/{number}/notes/{note}/restore", post(request::restore_note))
        .route("/suggest/places", get(suggest::places))
        .route("/suggest/residents", get(suggest::residents))
        .route("/suggest/services", get(suggest::services))
}

/// No such page.
pub async fn not_found(lang: Lang) -> Response {
    frame::alone(lang, StatusCode::NOT_FOUND, "not-found-title", "no-such-page")
}

/// A page fell over. What was typed is in the draft.
pub fn broken(_: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a page fell over");
    frame::alone(Lang::Uk, StatusCode::INTERNAL_SERVER_ERROR, "broken-title", "broken")
}
