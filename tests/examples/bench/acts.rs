//! Row 1.

use crate::cases::{cases, save};
use crate::measure::{cpu, median, timed};
use ids::RecordId;
use records::Kind;
use signing::Secret;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::time::Duration;
use valiza_tests::invented::UNSEEN;
use valiza_tests::world::World;

/// Row 1: an act, durable, beside one fsync.
pub fn acts(world: &mut World) {
    let suitcase = world.suitcase(7);
    let peer = suitcase.peer();
    let dir = tempfile::tempdir_in(suitcase.path()).unwrap();
    let mut file = OpenOptions::new().create(true).append(true).open(dir.path().join("floor")).unwrap();
    let mut fsyncs = Vec::new();
    let mut saves = Vec::new();
    let mut inside = Duration::ZERO;
    for case in cases(&UNSEEN, 400, 1) {
        fsyncs.push(timed(|| fsync(&mut file)));
        let begun = cpu();
        saves.push(timed(|| {
            save(peer, case);
        }));
        inside += cpu() - begun;
    }
    let (floor, act) = (median(&mut fsyncs), median(&mut saves));
    let ratio = act.as_secs_f64() / floor.as_secs_f64();
    println!("\n1. Save an act (new resident + request) durably on the suitcase, medians of {}", saves.len());
    println!("   one fsync of 4 KiB appended   {floor:>10.1?}");
    println!("   the act                       {act:>10.1?}   {ratio:.2} × one fsync (goal < 1.5)");
    println!("   processor time of the act     {:>10.1?}   (goal < 3 ms)", inside / saves.len() as u32);
    parts();
}

/// Where an act's processor time goes: its parts by themselves, for a resident and a request together.
fn parts() {
    let mut entropy = sealing::SeededEntropy::new(5);
    let entropy: &mut dyn sealing::Entropy = &mut entropy;
    let (actor, tenant) = (ids::ChainId::from_bytes([1; 16]), ids::TenantId::from_bytes([2; 16]));
    let (key, signing) = (sealing::RecordKey::random(entropy), signing::SigningKey::from_seed(&Secret::new([3; 32])));
    let (mut create, mut seal, mut sign, mut view) = (vec![], vec![], vec![], vec![]);
    for case in cases(&UNSEEN, 200, 2) {
        let both = [(Kind::Resident, case.resident), (Kind::Request, case.request)];
        let mut made = Vec::new();
        create.push(timed(|| {
            for (kind, fields) in &both {
                let record = RecordId::from_random(entropy.array());
                made.push(records::Document::create(*kind, record, actor, 1_795_255_200_000, fields).unwrap());
            }
        }));
        let bodies: Vec<_> = made
            .iter()
            .map(|(document, change)| records::body::Body::new(document, "olena", 0, change.clone()).encode())
            .collect();
        let context = sealing::BodyContext { tenant, chain: actor, seq: 1, kind: 1, record: None };
        seal.push(timed(|| {
            bodies.iter().for_each(|body| drop(sealing::seal_body(&key, 1, &context, body, entropy).unwrap()));
        }));
        sign.push(timed(|| {
            for body in &bodies {
                std::hint::black_box(signing.sign(signing::Label::EntrySignature, body));
            }
        }));
        view.push(timed(|| {
            let request = records::view::RequestView::read(&made[1].0, &|_| false);
            drop(records::projection::RequestRow::from(&request));
            let resident = records::view::ResidentView::read(&made[0].0, &|_| false);
            drop(records::projection::ResidentRow::from(&resident));
        }));
    }
    println!(
        "   of which, measured alone: two automerge documents {:.0?}, two bodies compressed and sealed {:.0?},",
        median(&mut create),
        median(&mut seal)
    );
    println!(
        "   two signatures {:.0?}, two rows read from the documents {:.0?}; the rest is SQLCipher and its commit",
        median(&mut sign),
        median(&mut view)
    );
}

fn fsync(file: &mut File) {
    file.write_all(&[7; 4096]).unwrap();
    file.sync_data().unwrap();
}
