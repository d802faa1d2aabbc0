"""Rows 55 to 66: what is recorded, kept, given away and signed."""

from typing import Final

from tests.abuse.row import (
    CHAIN,
    DURABILITY,
    LOG,
    POWER_CUTS,
    ROOM,
    ROOM_SOCKET,
    Row,
    tests,
)

RECORDS: Final[dict[int, Row]] = {
    55: Row(
        "a kill in the middle of a commit",
        tests(DURABILITY, "a_naive_log_loses_what_it_acknowledged_when_it_is_killed"),
        tests(
            "tests/sessions/test_durability.py",
            "nothing_acknowledged_is_lost_when_the_process_is_killed",
            "tests/workspace/test_killed_server.py",
            "nothing_is_lost_when_a_server_is_killed_while_three_members_work",
        ),
    ),
    56: Row(
        "a power cut at any write",
        tests(
            POWER_CUTS,
            "the_same_cuts_lose_what_was_not_synced_with_each_commit",
            "the_same_cuts_damage_what_is_never_synced",
        ),
        tests(POWER_CUTS, "nothing_acknowledged_is_lost_in_a_power_cut_at_any_write"),
    ),
    57: Row(
        "a disk that is full or fails",
        tests(DURABILITY, "a_naive_log_acknowledges_on_a_disk_that_fails"),
        tests(
            LOG,
            "a_disk_that_fails_acknowledges_nothing_and_the_room_stays_readable",
            "a_log_that_cannot_record_says_why_and_since_when",
            "tests/sessions/test_watching.py",
            "every_commit_is_told_a_failed_one_too",
        ),
    ),
    58: Row(
        "one operation twice",
        tests(DURABILITY, "a_naive_log_does_a_repeated_operation_twice"),
        tests(
            ROOM_SOCKET,
            "a_repeated_operation_is_one_event",
            "tests/sessions/test_repeats.py",
            "a_repeat_after_a_restart_gets_the_first_receipt",
        ),
    ),
    59: Row(
        "coming back from any revision",
        tests(DURABILITY, "a_naive_page_that_was_away_never_hears_what_it_missed"),
        tests(
            "tests/workspace/test_resuming.py",
            "from_any_revision_resuming_shows_what_a_welcome_shows",
            "tests/sessions/test_laws.py",
            "whoever_applies_the_changes_in_order_has_the_view",
        ),
    ),
    60: Row(
        "one flipped bit",
        tests(DURABILITY, "a_naive_log_does_not_see_a_flipped_bit"),
        tests(LOG, "one_flipped_bit_is_named_by_its_revision", CHAIN, "a_flipped_bit_is_named"),
    ),
    61: Row(
        "an entry deleted or moved",
        tests(DURABILITY, "a_naive_trail_does_not_see_a_row_that_was_taken_or_moved"),
        tests(
            CHAIN,
            "a_deleted_entry_is_named",
            "swapped_entries_are_named_by_the_first",
            LOG,
            "deleted_and_reordered_entries_are_named",
        ),
    ),
    62: Row(
        "a clock that goes back",
        tests(DURABILITY, "a_naive_log_puts_things_out_of_order_when_the_clock_goes_back"),
        tests(ROOM, "a_clock_that_goes_back_does_not_change_the_order"),
    ),
    63: Row(
        "two servers with one room",
        tests(DURABILITY, "of_two_naive_nodes_one_overwrites_the_other"),
        tests(
            "tests/sessions/test_fencing.py",
            "who_had_the_room_before_records_nothing_more",
            "servers_that_record_at_the_same_time_never_mix",
        ),
    ),
    64: Row(
        "a backup that is restored",
        tests(DURABILITY, "a_naive_backup_lacks_what_was_acknowledged_before_it"),
        tests(
            "tests/workspace/test_backup.py",
            "a_backup_in_the_midst_of_work_restores_to_a_state_that_the_room_had",
            "a_restored_folder_holds_what_the_first_one_held",
        ),
    ),
    65: Row(
        "identifiers in what is given away",
        tests(DURABILITY, "a_naive_export_keeps_whoever_is_named_elsewhere"),
        tests(
            DURABILITY,
            "an_image_that_is_given_away_names_nobody",
            "the_audit_trail_of_a_room_names_nobody_in_any_form",
            "tests/sessions/test_deidentifying.py",
            "nothing_that_anybody_typed_is_left_and_the_plan_is_the_same",
            "every_text_that_a_log_can_hold_has_a_rule",
            "tests/workspace/test_deidentified_bundle.py",
            "a_room_that_is_given_away_names_nobody_and_opens_elsewhere",
        ),
    ),
    66: Row(
        "an edit after approval",
        tests(DURABILITY, "a_naive_plan_stays_approved_whatever_is_done_to_it"),
        tests(
            "tests/sessions/plan/test_versioning.py",
            "an_edit_after_approval_makes_the_branch_an_unsigned_draft",
            "whatever_is_done_an_approved_version_stays_as_it_was_signed",
        ),
    ),
}
