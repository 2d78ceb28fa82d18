//! Mistakes that such systems really make. Each can be planted in the simulated surroundings, and the simulator must
//! notice it: the programs' own code holds no switch for it.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plant {
    AnchorBeforeDurable,
    CursorBeforeEntries,
    ReusedChain,
    RefusalBlocks,
    HoleBlocks,
    SavedBeforeDurable,
    SkipSignature,
    StaleLineage,
    SnapshotReplacesChain,
    GrantFromAnyone,
    RevokedStillServed,
    TokenIgnored,
    RepeatCountedTwice,
    RebirthTwiceConfirmed,
    EndOfShiftTooEarly,
    ClockTrusted,
    DeleteOnSend,
    TenantsMixed,
    ErasureForgotten,
    RevokedReadsOn,
    NewKeyForNobody,
    ForgetsTooEarly,
    FormsForgotten,
    GivenUpForGood,
    TakenBackStays,
    EpochDroppedWhole,
    EpochKept,
    RestoredDeskWrites,
    KitWithoutSecrets,
    OrdersLeftBehind,
    DestroyedTooEarly,
    VerdictOfBefore,
    VerdictPastTheEnd,
    ContinuedWhereItSays,
}

/// A mistake, and the invariants of which one must catch it.
pub struct Planted {
    pub plant: Plant,
    /// What goes wrong.
    pub mistake: &'static str,
    pub caught_by: &'static [&'static str],
}

const fn planted(plant: Plant, caught_by: &'static [&'static str], mistake: &'static str) -> Planted {
    Planted { plant, mistake, caught_by }
}

/// All of them. The README beside this file shows the same table.
pub const ALL: &[Planted] = &[
    planted(
        Plant::AnchorBeforeDurable,
        &["anchored_is_durable"],
        "The hub answers with an anchor and writes to its disk later.",
    ),
    planted(
        Plant::CursorBeforeEntries,
        &["cursor_behind_holdings"],
        "A reader keeps its new cursor before the entries that the cursor has passed.",
    ),
    planted(
        Plant::ReusedChain,
        &["no_number_twice"],
        "A suitcase that knows it was restored from an image goes on writing the same chain.",
    ),
    planted(
        Plant::RefusalBlocks,
        &["talk_ends", "own_is_anchored", "acts_arrive"],
        "A sender sends a refused segment again and again, and nothing else.",
    ),
    planted(
        Plant::HoleBlocks,
        &["talk_ends", "own_is_anchored", "acts_arrive"],
        "The hub refuses whatever lies beyond a hole.",
    ),
    planted(
        Plant::SavedBeforeDurable,
        &["saved_stays"],
        "«Saved» is said when the disk has not got it: synchronous=NORMAL.",
    ),
    planted(
        Plant::SkipSignature,
        &["held_was_written"],
        "A suitcase takes over another's entries without asking who signed them.",
    ),
    planted(
        Plant::StaleLineage,
        &["cursor_behind_holdings", "own_is_anchored", "read_to_the_end", "verdict_is_given", "acts_arrive"],
        "Anchors and cursor of another life of the hub's store still count.",
    ),
    planted(
        Plant::SnapshotReplacesChain,
        &["cursor_behind_holdings", "chains_are_joined", "read_to_the_end"],
        "What comes of a chain takes the place of what was held of it.",
    ),
    planted(Plant::GrantFromAnyone, &["only_what_is_granted"], "The hub lets grants of any chain count."),
    planted(
        Plant::RevokedStillServed,
        &["revoked_gets_nothing"],
        "The hub hands out to everybody who has a certificate, revoked or not.",
    ),
    planted(
        Plant::TokenIgnored,
        &["stale_token_shows_nothing"],
        "The hub hands out news however old the token: a captured request works for ever.",
    ),
    planted(
        Plant::RepeatCountedTwice,
        &["no_act_counts_twice"],
        "A repeat that arrives is applied to the records again.",
    ),
    planted(
        Plant::RebirthTwiceConfirmed,
        &["one_living_chain"],
        "The centre confirms whoever asks to go on for a suitcase, how many they may be.",
    ),
    planted(
        Plant::EndOfShiftTooEarly,
        &["shift_leaves_nothing"],
        "The shift is over when the hub has the bytes, whatever the centre says.",
    ),
    planted(Plant::ClockTrusted, &["anchor_has_the_hubs_time"], "The hub takes the sender's word for what time it is."),
    planted(
        Plant::DeleteOnSend,
        &["saved_stays", "exporting_deletes_nothing"],
        "What was written onto a stick is deleted from the suitcase.",
    ),
    planted(Plant::TenantsMixed, &["communities_apart"], "A reader is handed what belongs to another community."),
    planted(
        Plant::ErasureForgotten,
        &["hub_obeys_orders"],
        "A hub that was put back from a copy does not carry orders to erase out again.",
    ),
    planted(
        Plant::RevokedReadsOn,
        &["shut_out_reads_nothing_new"],
        "Records go on under the key that somebody who is shut out has.",
    ),
    planted(
        Plant::NewKeyForNobody,
        &["holders_read_on", "centre_opens_all"],
        "The centre draws a new key and grants it to nobody but itself.",
    ),
    planted(
        Plant::ForgetsTooEarly,
        &["forgets_after_the_verdict"],
        "A suitcase gives a record up that the centre has not opened.",
    ),
    planted(Plant::FormsForgotten, &["begun_forms_stay"], "A suitcase gives a record up that a begun form is about."),
    planted(
        Plant::GivenUpForGood,
        &["holders_read_on"],
        "What was given up once stays closed when it is granted again.",
    ),
    planted(
        Plant::TakenBackStays,
        &["only_its_scope_is_held"],
        "What the centre took back stays readable on the suitcase.",
    ),
    planted(Plant::EpochDroppedWhole, &["centre_opens_all"], "An epoch is erased with the keys of the records beside."),
    planted(Plant::EpochKept, &["erased_keys_are_gone"], "A record is erased and the epoch that makes its key stays."),
    planted(
        Plant::RestoredDeskWrites,
        &["no_number_twice"],
        "A desk that was put back from a copy writes before it has read what came after.",
    ),
    planted(
        Plant::KitWithoutSecrets,
        &["centre_opens_all", "holders_read_on"],
        "A desk made from the kit does not open what the one before granted itself.",
    ),
    planted(
        Plant::OrdersLeftBehind,
        &["erased_stays_erased"],
        "A desk made from the kit lets nothing count that the one before ordered.",
    ),
    planted(
        Plant::DestroyedTooEarly,
        &["centre_opens_all", "facts_stay_readable"],
        "A desk with new keys destroys the old one before what only that opens was told again.",
    ),
    planted(
        Plant::VerdictOfBefore,
        &["shift_leaves_nothing", "forgets_after_the_verdict"],
        "The centre's word on a chain of before counts for the one that goes on for it.",
    ),
    planted(
        Plant::VerdictPastTheEnd,
        &["shift_may_end"],
        "The centre's word on a chain of before counts as a whole, behind where the suitcase left it as well.",
    ),
    planted(
        Plant::ContinuedWhereItSays,
        &["continued_where_held"],
        "A chain that is continued ends where the laptop says, and not where the centre holds it.",
    ),
];
