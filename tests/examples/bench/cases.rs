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

/// As many as asked, made of at most 5,000 invented ones: who comes again is another person with like answers.
pub fn many_cases(pool: &'static Pool, count: usize, seed: u64) -> impl Iterator<Item = Case> {
    let invented: Vec<(Vec<Edit>, Vec<Edit>)> =
        cases(pool, count.min(5_000), seed).into_iter().map(|case| (case.resident, case.request)).collect();
    let rounds = invented.len();
    let all = invented.into_iter().cycle().take(count).enumerate();
    all.map(move |(index, (resident, request))| Case {
        resident: another(resident, index / rounds, index),
        request: another(request, index / rounds, index),
    })
}

/// The same answers of another person: a round is a letter at the end of the surname.
fn another(mut edits: Vec<Edit>, round: usize, index: usize) -> Vec<Edit> {
    let letter = |round: usize| char::from_u32('а' as u32 + (round % 32) as u32).unwrap_or('а');
    for edit in edits.iter_mut().filter(|_| round > 0) {
        match (edit.key.as_str(), edit.value.as_text()) {
            ("last" | "a.last", Some(last)) => edit.value = format!("{last}{}", letter(round)).into(),
            ("rnokpp" | "a.rnokpp", Some(_)) => edit.value = format!("{:010}", 2_000_000_000 + index).into(),
            _ => {}
        }
    }
    edits
}

/// What an officer's «Зберегти» writes: a new resident and a request.
pub fn save(peer: &Peer, case: Case) -> RecordId {
    peer.act(move |act| {
        act.create(Kind::Resident, &case.resident)?;
        act.create(Kind::Request, &case.request)
    })
    .unwrap()
}
