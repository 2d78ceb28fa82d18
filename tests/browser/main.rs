//! The pages as people see them: the real programs, and a real browser that must be installed (Debian: `chromium`,
//! `chromium-driver`). Pictures of what was seen lie in `target/<profile>/browser/`.

mod accessibility;
mod administrator;
mod clerk;
mod console;
mod every_service;
mod everywhere;
mod keyboard;
mod no_script;
mod officer;
mod paper;
mod shift;
mod stored_scripts;
mod verifier;
mod window;
