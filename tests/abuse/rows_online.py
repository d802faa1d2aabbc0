"""Rows 1 to 36: sockets, sign-in, floods and text."""

from typing import Final

from tests.abuse.row import (
    ACCESS,
    FLOODS,
    MEMBERS,
    OUR_SIGN_IN,
    PANELS,
    ROOM_SOCKET,
    SIGN_IN,
    SOCKETS,
    TEXT,
    WORDS,
    Row,
    tests,
)

ONLINE: Final[dict[int, Row]] = {
    1: Row(
        "an upgrade without a cookie",
        tests(SOCKETS, "stock_trame_lets_anybody_in_who_knows_the_secret_that_everybody_knows"),
        tests(ACCESS, "nothing_of_a_room_opens_without_a_cookie"),
    ),
    2: Row(
        "a foreign, null or absent Origin",
        tests(SOCKETS, "stock_trame_opens_its_socket_to_the_page_of_any_site"),
        tests(ACCESS, "another_sites_page_cannot_open_a_members_sockets"),
    ),
    3: Row(
        "wslink's default secret",
        tests(SOCKETS, "stock_trame_lets_anybody_in_who_knows_the_secret_that_everybody_knows"),
        tests(PANELS, "the_secret_that_everybody_knows_opens_nothing"),
    ),
    4: Row(
        "twenty bad logins",
        tests(SIGN_IN, "a_naive_login_may_be_tried_for_ever"),
        tests(OUR_SIGN_IN, "twenty_bad_logins_end_in_a_wait_and_are_audited"),
    ),
    5: Row(
        "no hello",
        tests(SOCKETS, "stock_trame_waits_for_a_hello_for_good"),
        tests(
            ROOM_SOCKET,
            "who_says_nothing_is_shown_out",
            PANELS,
            "who_says_nothing_to_their_panels_is_shown_out",
        ),
    ),
    6: Row(
        "200,000 first parts of messages",
        tests(FLOODS, "stock_trame_keeps_what_strangers_never_finish"),
        tests(FLOODS, "parts_of_messages_take_no_memory"),
    ),
    7: Row(
        "a header that claims 4 GB",
        tests(FLOODS, "stock_trame_sets_aside_what_a_header_claims"),
        tests(FLOODS, "parts_of_messages_take_no_memory"),
    ),
    8: Row(
        "a command of 65 KB",
        tests(SOCKETS, "stock_trame_hands_a_megabyte_on_to_everybody_who_comes"),
        tests(
            ROOM_SOCKET,
            "a_bad_frame_closes_that_socket_only_and_stays_out_of_the_log",
            "tests/workspace/test_gate.py",
            "an_oversized_frame_is_refused",
        ),
    ),
    9: Row(
        "a text frame",
        tests(SOCKETS, "stock_trame_logs_text_frames_word_for_word"),
        tests(
            PANELS,
            "a_text_frame_closes_the_panels_line_and_is_not_logged",
            ROOM_SOCKET,
            "a_bad_frame_closes_that_socket_only_and_stays_out_of_the_log",
        ),
    ),
    10: Row(
        "100,000 random messages",
        tests(SOCKETS, "stock_trame_hands_malformed_changes_on_before_it_looks_at_them"),
        tests(
            FLOODS,
            "random_messages_close_their_own_line_only",
            PANELS,
            "a_malformed_change_reaches_nobody",
        ),
    ),
    11: Row(
        "100,000 plain requests to a socket",
        tests(FLOODS, "stock_trame_fails_on_a_plain_request_and_keeps_its_socket_for_good"),
        tests(FLOODS, "plain_requests_to_a_socket_leave_nothing_behind"),
    ),
    12: Row(
        "an observer's command",
        tests(SOCKETS, "stock_trame_lets_an_observer_approve_and_become_a_surgeon"),
        tests(
            ROOM_SOCKET,
            "an_observer_changes_nothing_whatever_the_browser_sends",
            "tests/workspace/test_audit_served.py",
            "what_is_refused_is_on_record_with_the_type_of_the_command",
        ),
    ),
    13: Row(
        "code or a role for others' pages",
        tests(SOCKETS, "stock_trame_lets_one_page_put_code_into_the_others"),
        tests(PANELS, "no_page_puts_code_or_a_role_into_another"),
    ),
    14: Row(
        "stopping the server",
        tests(SOCKETS, "stock_trame_is_stopped_by_anybody"),
        tests(PANELS, "no_page_stops_the_server"),
    ),
    15: Row(
        "a trigger that is not one's own",
        tests(SOCKETS, "stock_trame_lets_an_observer_approve_and_become_a_surgeon"),
        tests(PANELS, "a_trigger_that_is_not_ones_own_does_nothing"),
    ),
    16: Row(
        "a link of one room in another",
        tests(SIGN_IN, "a_naive_invitation_opens_any_room_for_ever"),
        tests(MEMBERS, "a_link_of_one_room_is_an_unknown_link_in_another"),
    ),
    17: Row(
        "a link that has ended",
        tests(SIGN_IN, "a_naive_invitation_opens_any_room_for_ever"),
        tests(MEMBERS, "a_link_that_has_ended_lets_nobody_in"),
    ),
    18: Row(
        "a role that is taken away",
        tests(
            SOCKETS,
            "stock_trame_lets_an_observer_approve_and_become_a_surgeon",
            SIGN_IN,
            "a_naive_line_keeps_the_role_that_it_was_opened_with",
        ),
        tests(
            MEMBERS,
            "whose_role_is_taken_is_refused_at_the_next_command_and_invites_nobody",
            "who_is_dismissed_is_out_within_a_second_and_sees_nothing_more",
            "no_link_leads_back_in_who_was_sent_away_or_made_less",
            OUR_SIGN_IN,
            "who_is_expelled_is_out_within_the_second_and_stays_out",
        ),
    ),
    19: Row(
        "tokens that are not the provider's, not for us, or old",
        tests(SIGN_IN, "a_naive_reader_of_tokens_believes_them"),
        tests(
            "tests/workspace/test_oidc.py",
            "what_an_evil_provider_or_a_thief_sends_lets_nobody_in",
        ),
    ),
    20: Row(
        "a session that the attacker chose",
        tests(SIGN_IN, "a_naive_login_keeps_the_session_that_an_attacker_chose"),
        tests(OUR_SIGN_IN, "a_session_that_an_attacker_chose_is_none_and_the_token_changes"),
    ),
    21: Row(
        "a session that is left open",
        tests(SIGN_IN, "a_naive_session_never_ends"),
        tests(OUR_SIGN_IN, "an_idle_session_is_signed_out_though_its_page_is_open"),
    ),
    22: Row(
        "another site's form",
        tests(SIGN_IN, "a_naive_form_is_sent_by_another_sites_page"),
        tests(OUR_SIGN_IN, "a_form_without_its_token_is_refused"),
    ),
    23: Row(
        "a link to our page that leads to another server",
        tests(TEXT, "text_is_code_on_a_stock_page_and_text_here"),
        tests(
            TEXT,
            "text_is_code_on_a_stock_page_and_text_here",
            ACCESS,
            "the_page_cannot_be_led_to_another_server",
        ),
    ),
    24: Row(
        "a stalled reader",
        tests(FLOODS, "one_stalled_reader_freezes_everybody_on_stock_trame"),
        tests(
            ROOM_SOCKET,
            "a_reader_that_stalls_is_dropped_and_the_others_go_on",
            PANELS,
            "a_page_that_takes_nothing_of_its_panels_is_dropped",
        ),
    ),
    25: Row(
        "a stalled reader that answers pings",
        tests(
            FLOODS,
            "a_stalled_reader_that_answers_pings_freezes_stock_trame_for_as_long_as_it_likes",
        ),
        tests(
            FLOODS,
            "a_stalled_reader_that_answers_pings_is_dropped_and_the_others_go_on",
            PANELS,
            "a_page_that_takes_nothing_of_its_panels_is_dropped",
        ),
    ),
    26: Row(
        "a thousand commands a second",
        tests(FLOODS, "stock_trame_takes_a_thousand_commands_from_one_member"),
        tests(
            ROOM_SOCKET,
            "a_flood_of_commands_is_throttled_and_the_room_goes_on",
            "tests/workspace/test_open_sockets.py",
            "one_socket_too_many_is_refused_and_the_others_stay",
            PANELS,
            "a_flood_of_calls_is_read_slowly_and_the_room_goes_on",
        ),
    ),
    27: Row(
        "a forged X-Forwarded-For",
        tests(SIGN_IN, "a_naive_limit_counts_by_an_address_that_the_attacker_makes_up"),
        tests(OUR_SIGN_IN, "twenty_bad_logins_end_in_a_wait_and_are_audited"),
    ),
    28: Row(
        "a template in a name",
        tests(TEXT, "text_is_code_on_a_stock_page_and_text_here"),
        tests(TEXT, "text_is_code_on_a_stock_page_and_text_here"),
    ),
    29: Row(
        "an image that runs code",
        tests(TEXT, "text_is_code_on_a_stock_page_and_text_here"),
        tests(TEXT, "text_is_code_on_a_stock_page_and_text_here"),
    ),
    30: Row(
        "a link that runs code",
        tests(TEXT, "text_is_code_on_a_stock_page_and_text_here"),
        tests(TEXT, "text_is_code_on_a_stock_page_and_text_here"),
    ),
    31: Row(
        "an uploaded drawing or page",
        tests(TEXT, "a_naive_site_opens_an_uploaded_drawing_as_a_page"),
        tests(
            WORDS,
            "nothing_that_was_uploaded_is_handed_out_again",
            "what_a_member_takes_away_is_saved_and_never_opened_as_a_page",
        ),
    ),
    32: Row(
        "an f-string child or v_html",
        tests(TEXT, "text_is_code_on_a_stock_page_and_text_here"),
        tests(
            WORDS,
            "what_would_make_code_of_text_is_found_in_our_panels",
            "tests/workspace/test_panels_are_static.py",
            "a_panel_holds_no_text_made_at_run_time",
        ),
    ),
    33: Row(
        "patients' words on paths of errors",
        tests(
            SOCKETS,
            "stock_trame_tells_whoever_asks_what_went_wrong_inside",
            TEXT,
            "a_naive_error_says_who_the_patient_is",
        ),
        tests(
            WORDS,
            "a_fault_of_our_own_says_neither_what_it_was_nor_whom_it_met",
            "tests/workspace/test_canaries.py",
            "no_message_of_imaging_says_who_the_patient_is",
            "tests/workspace/test_metrics.py",
            "what_happens_is_counted_and_nobody_is_named",
            "tests/workspace/test_room_verb.py",
            "the_id_of_a_new_room_holds_no_word_of_its_title",
        ),
    ),
    34: Row(
        "an exception in a handler",
        tests(SOCKETS, "stock_trame_tells_whoever_asks_what_went_wrong_inside"),
        tests(
            WORDS,
            "a_fault_of_our_own_says_neither_what_it_was_nor_whom_it_met",
            PANELS,
            "no_page_is_told_what_went_wrong_inside",
            "tests/abuse/test_abuse_paths.py",
            "no_odd_path_is_a_fault_of_our_own",
        ),
    ),
    35: Row(
        "a cell that is a formula",
        tests(TEXT, "a_cell_of_a_naive_report_is_a_formula"),
        tests(
            WORDS,
            "no_cell_of_a_rooms_history_is_a_formula",
            "tests/workspace/test_audit_exports.py",
            "an_id_that_is_a_formula_is_a_text_in_a_spreadsheet",
        ),
    ),
    36: Row(
        "line breaks in a tag",
        tests(TEXT, "a_line_break_in_a_tag_forges_a_line_of_a_naive_log"),
        tests(
            WORDS,
            "no_value_forges_a_line_of_our_log",
            "tests/workspace/test_audit_exports.py",
            "no_text_forges_a_line_or_a_message",
        ),
    ),
}
