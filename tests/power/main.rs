//! Power cuts, kills and failing disks under the real programs: what was acknowledged is there afterwards, and work
//! goes on. What a disk may lose is modelled; see `README.md` beside this file.

mod agent;
mod copies;
mod damages;
mod desk;
mod disk;
mod every_page;
mod faults;
mod film;
mod folders;
mod hub;
mod interposer;
mod journal;
mod kill;
mod look;
mod mending;
mod peer_mending;
mod peer_repairs;
mod rot;
mod rotation;
mod whole;

use film::Tally;

/// Nothing was lost, and something was looked at.
#[track_caller]
fn nothing_lost((tally, losses): (Tally, Vec<String>), at_least: u64) {
    println!("{} cuts, {} losses", tally.cuts, tally.losses);
    assert!(losses.is_empty(), "{} of {} cuts lost something:\n{}", tally.losses, tally.cuts, losses.join("\n"));
    assert!(tally.cuts >= at_least, "only {} cuts were looked at", tally.cuts);
}

/// A drive or a program that breaks its promise is noticed.
#[track_caller]
fn loss_noticed((tally, losses): (Tally, Vec<String>)) {
    println!("{} cuts, {} losses, among them:\n{}", tally.cuts, tally.losses, losses.join("\n"));
    assert!(tally.losses > 0, "the harness saw nothing in {} cuts", tally.cuts);
}
