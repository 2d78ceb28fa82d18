//! The oracle is proved: every planted mistake is caught, and by the invariant that is there for it.

use crate::invariants;
use crate::plant::{ALL, Plant};
use crate::world::World;
use std::collections::BTreeMap;

/// Runs within which each planted mistake must be noticed.
const BUDGET: u64 = 600;
/// Where it is said to people.
const README: &str = include_str!("README.md");

fn caught(plant: Plant) {
    let row = ALL.iter().find(|row| row.plant == plant).expect("each mistake has a row");
    let run = |seed| World::new(seed, Some(plant)).run().err().map(|violation| (seed, violation));
    let mut others = BTreeMap::<_, u64>::new();
    let caught = (0..BUDGET).filter_map(run).find(|(_, violation)| {
        let as_expected = row.caught_by.contains(&violation.invariant);
        *others.entry(violation.invariant).or_default() += u64::from(!as_expected);
        as_expected
    });
    let Some((seed, violation)) = caught else {
        panic!("{plant:?} was not noticed in {BUDGET} runs as it should be; otherwise: {others:?}");
    };
    println!("{plant:?}: seed {seed}, {}", violation.invariant);
}

macro_rules! each_is_caught {
    ($($name:ident: $plant:ident,)*) => {
        $(#[test]
        fn $name() {
            caught(Plant::$plant);
        })*

        #[test]
        fn every_mistake_has_a_row_and_a_test() {
            let tested = [$(Plant::$plant),*];
            assert_eq!(ALL.iter().map(|row| row.plant).collect::<Vec<_>>(), tested);
        }
    };
}

each_is_caught! {
    an_anchor_before_the_disk_has_it_is_caught: AnchorBeforeDurable,
    a_cursor_that_runs_ahead_is_caught: CursorBeforeEntries,
    a_restored_suitcase_that_goes_on_writing_its_chain_is_caught: ReusedChain,
    a_refusal_that_blocks_is_caught: RefusalBlocks,
    a_hole_that_blocks_is_caught: HoleBlocks,
    a_disk_that_is_not_waited_for_is_caught: SavedBeforeDurable,
    a_signature_that_nobody_checks_is_caught: SkipSignature,
    trust_in_another_life_of_the_hub_is_caught: StaleLineage,
    a_piece_that_replaces_a_chain_is_caught: SnapshotReplacesChain,
    a_grant_by_anybody_is_caught: GrantFromAnyone,
    a_revoked_suitcase_that_is_served_is_caught: RevokedStillServed,
    a_token_that_nobody_looks_at_is_caught: TokenIgnored,
    a_repeat_that_counts_is_caught: RepeatCountedTwice,
    two_laptops_for_one_suitcase_are_caught: RebirthTwiceConfirmed,
    a_shift_that_ends_too_early_is_caught: EndOfShiftTooEarly,
    a_clock_that_is_believed_is_caught: ClockTrusted,
    a_stick_that_empties_the_laptop_is_caught: DeleteOnSend,
    communities_that_are_mixed_are_caught: TenantsMixed,
    an_order_that_is_forgotten_is_caught: ErasureForgotten,
    somebody_shut_out_who_reads_on_is_caught: RevokedReadsOn,
    a_new_key_that_nobody_gets_is_caught: NewKeyForNobody,
    what_is_given_up_too_early_is_caught: ForgetsTooEarly,
    a_begun_form_without_its_record_is_caught: FormsForgotten,
    what_never_comes_back_is_caught: GivenUpForGood,
    what_was_taken_back_and_stays_is_caught: TakenBackStays,
    an_epoch_that_takes_others_with_it_is_caught: EpochDroppedWhole,
    an_epoch_that_outlives_an_order_is_caught: EpochKept,
    a_restored_desk_that_writes_at_once_is_caught: RestoredDeskWrites,
    a_kit_that_opens_too_little_is_caught: KitWithoutSecrets,
    orders_of_a_lost_desk_that_are_dropped_are_caught: OrdersLeftBehind,
    a_key_that_is_destroyed_too_early_is_caught: DestroyedTooEarly,
    a_word_on_the_chain_before_is_caught: VerdictOfBefore,
    a_word_past_the_end_is_caught: VerdictPastTheEnd,
    a_continuation_past_what_is_held_is_caught: ContinuedWhereItSays,
}

#[test]
fn the_readme_names_every_invariant_and_every_mistake() {
    for (name, why) in invariants::named() {
        assert!(README.contains(&format!("| `{name}` | {why} |")), "`{name}` with its reason");
    }
    for row in ALL {
        let catchers = row.caught_by.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let line = format!("| `{:?}` | {} | {catchers} |", row.plant, row.mistake);
        assert!(README.contains(&line), "a row {line}");
        let known = |name: &&str| invariants::named().iter().any(|(known, _)| known == name);
        assert!(row.caught_by.iter().all(known), "{:?} is caught by what is an invariant", row.plant);
    }
}
