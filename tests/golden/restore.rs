//! A lost desk's question, and what the hub tells it.

use crate::Sample;
use crate::cast::{LINEAGE, REGISTER, TENANT, TIME, case_chain, hub_key, register_chain, root, root_public, segment};
use crate::messages::ASKED;
use chain::{RestoreAnswer, RestoreRequest, Shown, Token};
use signing::Secret;

pub fn all() -> Vec<Sample> {
    let first = RestoreRequest { root: root_public(), nonce: [0x80; 16], shown: None, after: None };
    let token = Token::give(&Secret::new([6; 32]), TENANT, first.asker(), LINEAGE, TIME, 0);
    let shown = Shown { tenant: TENANT, hub: hub_key().public(), token };
    let next = RestoreRequest { shown: Some(shown), after: Some((REGISTER, 4)), ..first };
    let nothing = RestoreAnswer::ask_again(TENANT, hub_key().public(), token);
    let register = vec![segment(REGISTER, &register_chain(), 5)];
    let told = RestoreAnswer { stale: false, register, case_end: case_chain().1[2], ..nothing.clone() };
    let question = |name, question: RestoreRequest| Sample {
        name,
        bytes: question.encode(&root()),
        again: |bytes| Some(RestoreRequest::decode(bytes).ok()?.encode(&root())),
    };
    let answer = |name, answer: RestoreAnswer| Sample {
        name,
        bytes: answer.encode(&ASKED, &hub_key()),
        again: |bytes| Some(RestoreAnswer::decode(bytes, &ASKED)?.ok()?.encode(&ASKED, &hub_key())),
    };
    vec![
        question("restore-question", first),
        question("restore-question-shown", next),
        answer("restore-answer-stale", nothing),
        answer("restore-answer", told),
    ]
}
