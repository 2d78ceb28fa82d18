//! Invented residents with their requests, as an officer's «Зберегти» writes them.

use ids::RecordId;
use peer::Peer;
use records::{Edit, Kind};
use valiza_tests::invented::{Pool, corpus};

/// How many records «many» are: 100,000, or what VALIZA_BENCH_RECORDS says.
pub fn many() -> usize {
    std::env::var("VALIZA_BENCH_RECORDS").ok().and_then(|text| text.parse().ok()).unwrap_or(100_000)
}

/// The fields with which one resident and one request begin.
pub struct Case {
    pub resident: Vec<Edit>,
    pub request: Vec<Edit>,
}

/// `count` invented residents with their requests, as the corpus of bodies has them.
pub fn cases(pool: &'static Pool, count: usize, seed: u64) -> Vec<Case> {
    let (mut residents, mut requests) = (Vec::new(), Vec::new());
    for round in 0.. {
        for sample in corpus(pool, count.clamp(20, 500), seed * 1000 + round) {
            let body = records::body::Body::decode(&sample.body).unwrap();
            let mut edits = records::Gate::peek(&body.change).unwrap();
            let is_birth = edits.iter().any(|edit| edit.key == "id");
            edits.retain(|edit| !["v", "id", "created"].contains(&edit.key.as_str()));
            match body.kind {
                Kind::Resident if is_birth => residents.push(edits),
                Kind::Request if is_birth => requests.push(edits),
                _ => {}
            }
        }
        if requests.len() >= count {
            break;
        }
    }
    let residents: Vec<_> = residents.into_iter().cycle().take(count).collect();
    requests.into_iter().zip(residents).map(|(request, resident)| Case { resident, request }).collect()
}

/// What an officer's «Зберегти» writes: a new resident and a request.
pub fn save(peer: &Peer, case: Case) -> RecordId {
    peer.act(move |act| {
        act.create(Kind::Resident, &case.resident)?;
        act.create(Kind::Request, &case.request)
    })
    .unwrap()
}
