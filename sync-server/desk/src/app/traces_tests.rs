//! That the list says what administrators decided, and that nothing is shown that could not be noted.

use super::catalogue_facts::CatalogueFact;
use super::testing::{self, PASSPHRASE, Town};
use super::traces::How;
use super::{Desk, Rank, Settings, TraceQuery};
use chain::Invitation;
use signing::Hash;

/// By whom and with which details the newest line of this kind is, if there is one.
fn line(desk: &Desk, what: &str) -> Option<(String, String)> {
    let query = TraceQuery { size: 500, ..TraceQuery::default() };
    let rows = desk.traces("admin", &query).unwrap().rows;
    rows.into_iter().find(|row| row.trace.what == what).map(|row| (row.trace.by, row.trace.about))
}

#[track_caller]
fn says(town: &Town, what: &str, by: &str, about: &str) {
    let found = line(&town.desk, what).unwrap_or_else(|| panic!("no line «{what}»"));
    assert!(found.0 == by && found.1.contains(about), "{what}: {found:?}");
    for lang in [::pages::Lang::Uk, ::pages::Lang::En] {
        let key = format!("trace-{}", what.replace('_', "-"));
        let words = ::pages::Texts::with_own(lang, &crate::web::PHRASES).text(&key);
        assert!(!words.contains('⟦'), "{key} has no words");
    }
    let query = TraceQuery { what: "done".into(), size: 500, ..TraceQuery::default() };
    let done = town.desk.traces("admin", &query).unwrap().rows;
    assert!(done.iter().any(|row| row.trace.what == what), "{what} is a step");
}

#[test]
fn each_decision_of_an_administrator_is_a_line() {
    let mut town = testing::town();
    let desk = std::sync::Arc::clone(&town.desk);
    desk.add_account("admin", "o.koval", "", Rank::Clerk, PASSPHRASE).unwrap();
    says(&town, "account", "admin", "o.koval · clerk");
    desk.disable_account("admin", "o.koval").unwrap();
    says(&town, "account", "admin", "o.koval · −");

    let suitcase = town.suitcase(7);
    says(&town, "invited", "admin", "7");
    says(&town, "certified", "", &suitcase.peer.chain().to_string());
    desk.set_place("admin", 7, "Гиряві Ісківці").unwrap();
    says(&town, "place", "admin", "Гиряві Ісківці");
    desk.report_lost("admin", 7, "викрадено").unwrap();
    says(&town, "lost", "admin", "викрадено");
    desk.revoke("admin", 7, "викрадено").unwrap();
    says(&town, "revoked", "admin", &suitcase.peer.chain().to_string());

    desk.invite("admin", 8, 72).unwrap();
    let id = desk.invitations("admin").unwrap().into_iter().find(|row| row.number == 8).unwrap().id;
    desk.withdraw_invitation("admin", &id).unwrap();
    says(&town, "invitation_withdrawn", "admin", &id);
    for (number, same) in [(9, true), (10, false)] {
        let invitation = Invitation::from_text(&desk.invite_as("admin", number, 72, true).unwrap().line).unwrap();
        let request = town.request(&invitation);
        desk.certify(std::slice::from_ref(&request)).unwrap();
        let words = desk.waiting_laptops("admin").unwrap()[0].words.join(" ");
        if same {
            desk.words_same("admin", request.chain, &words).unwrap();
        } else {
            desk.words_differ("admin", request.chain, &words).unwrap();
        }
        says(&town, if same { "words_same" } else { "words_differ" }, "admin", &request.chain.to_string());
    }

    desk.set_settings("admin", Settings { always_compare: true, code_required: false, drill_days: 90 }).unwrap();
    says(&town, "settings", "admin", "90");
    desk.kit_drill("admin", &town.root.words().join(" ")).unwrap();
    says(&town, "drill", "admin", "");
    let details = chain::CentreDetails { owner_code: "12345678".into(), ..desk.centre_details().unwrap() };
    desk.publish_details("admin", &details).unwrap();
    says(&town, "details", "admin", "12345678");
    let (digest, audience) = (Hash([1; 32]), vec![suitcase.peer.chain()]);
    let chain = suitcase.peer.chain();
    desk.write_for_test(move |act| {
        let (by, at) = ("admin".to_owned(), act.now().0);
        let (number, reason) = (2, "нові ціни".to_owned());
        act.own(&CatalogueFact::Published { number, digest, audience, reason, by: by.clone(), at }.to_own())?;
        act.own(&CatalogueFact::TrialEnded { chain, number: 3, reason: String::new(), by, at }.to_own()).map(|_| ())
    });
    says(&town, "published", "admin", "№ 2");
    says(&town, "trial_ended", "admin", "№ 3");
}

#[test]
fn two_laptops_under_one_chain_are_a_line_of_the_desk_itself() {
    let town = testing::town();
    let invitation = Invitation::from_text(&town.desk.invite_as("admin", 7, 72, true).unwrap().line).unwrap();
    let laptop = town.request(&invitation);
    let entropy = &mut *testing::entropy();
    let key = signing::SigningKey::from_seed(&entropy.secret());
    let stranger = chain::EnrolmentRequest::new(&invitation, laptop.chain, &key, laptop.agreement, "Ноутбук");
    town.desk.certify(&[laptop.clone(), stranger]).unwrap();
    says(&town, "contested", "", &laptop.chain.to_string());
}

#[test]
fn what_could_not_be_noted_is_not_taken_for_seen_and_files_are_noted_each_time() {
    let mut town = testing::town();
    let suitcase = town.suitcase(7);
    let number = suitcase.record("Коваль", "Ганна");
    town.carry_up(&suitcase);
    let count = |what: &str| {
        let query = TraceQuery { size: 500, ..TraceQuery::default() };
        town.desk.traces("admin", &query).unwrap().rows.iter().filter(|row| row.trace.what == what).count()
    };
    // The disk refuses the line: nothing is shown, now or a moment later.
    town.desk.peer.act(|act| crate::store::refuse_traces(act.connection(), true)).unwrap();
    assert!(town.desk.look("admin", &number, How::Page).is_err());
    assert!(town.desk.look("admin", &number, How::Page).is_err());
    town.desk.peer.act(|act| crate::store::refuse_traces(act.connection(), false)).unwrap();
    town.desk.look("admin", &number, How::Page).unwrap();
    town.desk.look("admin", &number, How::Page).unwrap();
    assert_eq!(count("saw_page"), 1, "a page that is opened again at once is one look");
    for _ in 0..2 {
        town.desk.take_along("admin", std::slice::from_ref(&number), How::QueueFile, "/queue.csv").unwrap();
        town.desk.take_along("admin", &[], How::JournalFile, "/journal.csv").unwrap();
        town.desk.take_audit_along("admin", "/audit.csv").unwrap();
    }
    assert_eq!((count("took_queue"), count("took_journal"), count("took_audit")), (2, 2, 2));
}

#[test]
fn nobody_is_looked_for_by_name_without_a_line() {
    let mut town = testing::town();
    let suitcase = town.suitcase(7);
    suitcase.record("Коваль", "Ганна");
    town.carry_up(&suitcase);
    for search in ["Коваль", "Нікого"] {
        let asked = super::QueueQuery { search: search.into(), ..Default::default() };
        let news = town.desk.news("admin", &asked, 0, &[]).unwrap();
        assert_eq!((news.came, news.fewer), (0, false), "what a search finds is not told by the way");
    }
    assert_eq!(town.desk.news("admin", &Default::default(), 0, &[]).unwrap().came, 1);
    let journal = super::JournalQuery { search: "Нікого".into(), ..Default::default() };
    assert!(town.desk.journal("admin", &journal, How::Journal).unwrap().rows.is_empty());
    assert!(line(&town.desk, "saw_journal").is_some_and(|(_, about)| about.contains("Нікого")));
    let told = super::ConsultationQuery { search: "Нікого".into(), size: 50, ..Default::default() };
    assert!(town.desk.consultations("admin", &told, How::Consultations).unwrap().rows.is_empty());
    assert!(line(&town.desk, "saw_consultations").is_some_and(|(_, about)| about.contains("Нікого")));
}

/// Desks of before wrote who let an entry in without the reason; a chain of theirs tells it, and a later one once.
#[test]
fn what_desks_of_before_wrote_is_still_told() {
    use super::facts::DeskFact;
    use ids::ChainId;
    use peer::OwnFact;
    let town = testing::town();
    let chain = ChainId::from_bytes([6; 16]);
    // Byte for byte: code 68, version 1, chain, entry 9, «o.koval», 2026-11-21 10:00 UTC.
    let mut old = vec![1];
    old.extend([6; 16]);
    old.extend(9_u64.to_be_bytes());
    old.extend(b"\x07o.koval");
    old.extend(1_795_255_200_000_i64.to_be_bytes());
    town.desk.write_for_test(move |act| {
        act.own(&OwnFact::Other(68, old))?;
        // Codes of later versions, and versions that this one does not know, are passed over.
        act.own(&OwnFact::Other(250, vec![1, 2, 3]))?;
        act.own(&OwnFact::Other(64, vec![9])).map(|_| ())
    });
    let lines = |town: &Town| {
        let query = TraceQuery { size: 500, ..TraceQuery::default() };
        let rows = town.desk.traces("admin", &query).unwrap().rows;
        let let_in = rows.into_iter().filter(|row| row.trace.what == "accepted_aside");
        let_in.map(|row| (row.trace.by, row.trace.about)).collect::<Vec<_>>()
    };
    assert_eq!(lines(&town), [("o.koval".to_owned(), format!("{chain} № 9"))]);
    // As it is written now: one line, with the reason, also where the two facts are read apart.
    let accepted = DeskFact::Accepted { chain, seq: 10, by: "admin".into(), at: 7 };
    town.desk.write_for_test(move |act| act.own(&accepted.to_own()).map(|_| ()));
    assert_eq!(lines(&town).len(), 2);
    let reason =
        super::clerk_facts::ClerkFact::LetIn {
            chain, seq: 10, by: "admin".into(), at: 7, reason: "знайшлася".into()
        };
    town.desk.write_for_test(move |act| act.own(&reason.to_own()).map(|_| ()));
    let told = lines(&town);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.contains(&("admin".to_owned(), format!("{chain} № 10: знайшлася"))), "{told:?}");
}
