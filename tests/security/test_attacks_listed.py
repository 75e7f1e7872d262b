"""Every attack that happened to a product of this field is held by a test, or has no place here.

The numbers are those of the list the desk was built against; each names what it stops.
"""

from __future__ import annotations

import ast
from functools import cache

import pytest

from tests.api.serving import ROOT

TICKETS = "security/test_attacks_on_tickets.py"
INPUT = "security/test_attacks_on_input.py"
SIGN_IN = "security/test_attacks_on_sign_in.py"
PROXIES = "security/test_attacks_on_proxies.py"
GATE = "security/test_gate.py"
ENDED = "security/test_ended_session.py"
MATRIX = "api/test_matrix.py"
BRIDGE = "ui/test_bridge.py"
FILES = "api/test_centcom_files.py"
ADDRESSES = "core/test_webhook_addresses.py"
CALLS = "core/test_webhook_calls.py"
WEBHOOKS = "api/test_enterprise_webhooks.py"
USERS = "api/test_enterprise_users.py"
PERMISSIONS = "core/test_permissions.py"
LIMITS = "api/test_rate_limits.py"
SEARCH = "api/test_enterprise_search.py"

HELD: dict[str, tuple[tuple[str, str], ...]] = {
    "1 search by number": ((TICKETS, "test_search_by_number_shows_no_foreign_ticket"),),
    "2 lists that forget the rule": (
        (MATRIX, "test_a_stranger_never_learns_that_a_ticket_exists"),
        ("core/test_visibility.py", "test_lists_and_counts_hold_what_one_sees"),
    ),
    "3 small requests that leak parties": (
        ("core/test_customers.py", "test_a_requester_knows_of_their_own_only"),
        (
            "core/test_staff_actions.py",
            "test_the_address_book_is_for_staff_and_finds_by_beginnings",
        ),
        ("api/test_bmasia.py", "test_a_customer_files_for_their_own_company_only"),
    ),
    "4 own comments after access ended": (
        (TICKETS, "test_comment_is_inaccessible_when_its_ticket_is"),
        ("core/test_comment_edits.py", "test_only_the_author_and_staff_may"),
    ),
    "5 merging past a refusal": (
        (TICKETS, "test_a_requester_merges_and_marks_nothing"),
        ("core/test_merging.py", "test_only_staff_merges_and_a_stranger_learns_nothing"),
        ("core/test_merging.py", "test_words_are_not_shown_to_somebody_else"),
        ("api/test_enterprise_merging.py", "test_people_without_permission_cannot_merge"),
    ),
    "6 live updates": (
        ("ui/test_live.py", "test_change_wakes_only_the_tabs_that_show_the_topic"),
        (BRIDGE, "test_every_handler_of_ours_goes_over_the_bridge"),
        (GATE, "test_a_socket_from_anywhere_else_is_refused"),
    ),
    "7 links to foreign tickets on creation": (
        (TICKETS, "test_body_cannot_set_fields_the_user_does_not_own"),
    ),
    "8 deleting by another way": (
        (MATRIX, "test_each_endpoint_answers_only_those_it_is_for"),
        ("core/test_visibility.py", "test_files_are_removed_by_staff_and_missed_by_others"),
    ),
    "9 counts that tell of the hidden": (
        (TICKETS, "test_notes_leave_no_trace_in_what_a_requester_reads"),
        (TICKETS, "test_suggestions_and_totals_reveal_no_staff_data_to_a_requester"),
    ),
    "10 staff's verbs in a customer's hands": (
        (MATRIX, "test_each_endpoint_answers_only_those_it_is_for"),
        (BRIDGE, "test_portal_imports_nothing_from_the_staff_pages"),
    ),
    "11 ids one may not choose on creation": (
        ("core/test_opening.py", "test_a_requester_files_for_nobody_else_and_assigns_nobody"),
        ("core/test_opening.py", "test_what_it_refers_to_must_be_known"),
    ),
    "12 routes without a doorkeeper": ((TICKETS, "test_no_route_was_forgotten_by_the_doorkeeper"),),
    "13 rights in one's own profile": (
        (TICKETS, "test_body_cannot_set_fields_the_user_does_not_own"),
        ("api/test_auth.py", "test_nobody_makes_themselves_an_admin"),
        (USERS, "test_nothing_else_can_be_changed"),
    ),
    "14 raising one's role": (
        ("api/test_auth.py", "test_a_role_in_the_token_gives_nothing"),
        (TICKETS, "test_a_token_that_may_only_read_writes_nothing"),
        (TICKETS, "test_a_token_that_may_only_read_reopens_rates_and_edits_nothing"),
        ("core/test_sign_in.py", "test_an_api_token_of_a_narrow_token_is_no_wider"),
        (USERS, "test_nobody_changes_what_they_themselves_may"),
        (PERMISSIONS, "test_nobody_grants_what_they_do_not_hold"),
        (PERMISSIONS, "test_nobody_reaches_above_themselves"),
    ),
    "15 setting any variable of a page": ((BRIDGE, "test_no_variable_can_be_set_by_its_name"),),
    "16 a new password without the old": (
        ("core/test_own_password.py", "test_rejected_password_names_the_wrong_field"),
        ("core/test_own_password.py", "test_changed_password_ends_every_other_session"),
        (USERS, "test_changed_password_ends_every_other_session"),
    ),
    "17 sorting by a secret": (
        (INPUT, "test_page_size_never_exceeds_the_maximum"),
        (SEARCH, "test_what_it_does_not_know_it_refuses"),
    ),
    "18 filters that walk relations": (
        ("api/test_kubebro.py", "test_what_is_missing_or_wrong_is_named"),
        (SEARCH, "test_what_it_does_not_know_it_refuses"),
        (INPUT, "test_no_hostile_value_in_a_query_breaks_a_list"),
    ),
    "19 injection into SQL, LIKE and the index": (
        ("core/test_search.py", "test_no_sign_means_anything_to_the_index"),
        (SEARCH, "test_signs_of_a_query_language_are_data"),
        (INPUT, "test_no_hostile_value_in_a_query_breaks_a_list"),
        (INPUT, "test_no_hostile_value_in_a_path_breaks_a_route"),
    ),
    "20 pages without end": (
        (INPUT, "test_page_size_never_exceeds_the_maximum"),
        ("core/test_queue.py", "test_no_page_is_longer_than_a_hundred"),
    ),
    "28 files that run in the browser": (
        (FILES, "test_only_raster_images_open_in_place"),
        ("core/test_scanning.py", "test_threats_are_found"),
    ),
    "29 cleaning by patterns": (
        ("core/test_markup.py", "test_no_mixture_of_attacks_gets_through"),
    ),
    "30 links, names and logs that run": (
        ("core/test_markup.py", "test_an_attack_is_only_text"),
        (INPUT, "test_a_callers_headers_write_no_line_of_the_log"),
        ("ui/test_widgets.py", "test_a_toast_is_data_and_not_code"),
    ),
    "31 answers without a policy": ((GATE, "test_every_answer_carries_the_safe_headers"),),
    "32 extensions behind a trick": (
        ("core/test_filetypes.py", "test_names_are_cleaned_before_they_are_judged"),
        ("core/test_filetypes.py", "test_a_trick_in_the_name_does_not_hide_the_extension"),
        (INPUT, "test_a_files_name_writes_no_header"),
    ),
    "33 paths that lead elsewhere": (
        ("core/test_storage.py", "test_no_key_leaves_the_folder"),
        (INPUT, "test_no_hostile_value_in_a_path_breaks_a_route"),
        (GATE, "test_the_frameworks_own_endpoints_are_closed"),
    ),
    "34 uploads made into objects": (
        (INPUT, "test_nothing_that_was_sent_is_made_into_code_or_objects"),
    ),
    "35 files without asking": (
        (TICKETS, "test_a_drafts_file_is_nobody_elses_by_any_way"),
        (TICKETS, "test_no_file_is_left_at_a_foreign_tickets_reply"),
        (TICKETS, "test_no_disk_is_filled_with_files_taken_away_again"),
        (INPUT, "test_a_place_to_write_at_has_one_spelling"),
        (FILES, "test_a_strangers_file_is_like_a_missing_one"),
    ),
    "36 requests into the inner network": (
        (ADDRESSES, "test_unsafe_destination_is_rejected"),
        (CALLS, "test_a_name_with_any_inner_address_is_not_called"),
        (CALLS, "test_the_connection_goes_to_the_address_that_was_checked"),
        (CALLS, "test_no_redirect_is_followed"),
        (CALLS, "test_proxies_of_the_environment_are_not_used"),
    ),
    "37 headers believed from anyone": (
        (PROXIES, "test_an_address_is_believed_only_from_a_trusted_proxy"),
        (PROXIES, "test_an_address_one_writes_oneself_is_not_believed"),
        (GATE, "test_only_a_trusted_proxy_may_set_the_requested_host"),
    ),
    "38 empty and guessable secrets": (
        (SIGN_IN, "test_nothing_at_all_is_nobodys_secret"),
        ("core/test_sign_in.py", "test_a_refresh_token_is_good_once"),
    ),
    "39 telling who has an account": (
        (SIGN_IN, "test_spaces_around_a_name_give_no_further_guesses"),
        (SIGN_IN, "test_an_unknown_name_costs_the_same_hash"),
        ("core/test_action_limits.py", "test_the_addresses_of_one_network_are_counted_as_one"),
        (LIMITS, "test_signing_in_is_counted_by_username_and_by_address"),
        (LIMITS, "test_who_guesses_many_usernames_from_one_address_is_stopped"),
        (SIGN_IN, "test_a_very_long_password_is_refused_before_it_is_hashed"),
        ("core/test_own_password.py", "test_names_cannot_be_tried_without_end"),
    ),
    "40 sessions fixed, stolen and forged": (
        (SIGN_IN, "test_a_session_one_was_given_beforehand_is_never_taken_over"),
        (SIGN_IN, "test_cookie_and_token_are_not_interchangeable"),
        (SIGN_IN, "test_inactive_user_is_rejected_by_every_sign_in_method"),
        (SIGN_IN, "test_cookie_is_secure_over_https"),
        (GATE, "test_a_change_from_another_site_in_a_signed_in_name_is_refused"),
    ),
    "41 open redirects": (
        (SIGN_IN, "test_signing_in_leads_to_no_other_site"),
        (GATE, "test_the_frameworks_own_endpoints_are_closed"),
    ),
    "42 maintenance within reach": (
        (MATRIX, "test_each_endpoint_answers_only_those_it_is_for"),
        (INPUT, "test_nothing_that_was_sent_is_made_into_code_or_objects"),
    ),
    "43 ranges without end": (
        (FILES, "test_several_ranges_at_once_cost_nothing"),
        ("api/test_ranges.py", "test_a_range_is_read_without_the_rest_of_the_file"),
    ),
    "44 bodies without end": (
        ("api/test_request_size.py", "test_an_upload_of_no_declared_length_is_cut_off"),
        ("api/test_request_size.py", "test_a_ticket_without_end_is_cut_off"),
        (FILES, "test_headers_of_a_part_without_end"),
        ("core/test_scanning.py", "test_a_bomb_is_not_unpacked_beyond_its_budget"),
        ("core/test_markup.py", "test_a_text_made_to_be_slow_is_shown"),
        (INPUT, "test_no_body_breaks_a_route"),
    ),
    "46 formulas in exports, secrets in logs": (
        ("core/test_export.py", "test_a_spreadsheet_calculates_with_nothing_people_wrote"),
        ("core/test_export.py", "test_a_workbook_keeps_numbers_times_and_texts_apart"),
        ("api/test_enterprise_reports.py", "test_formulas_stay_text"),
        ("core/test_logs.py", "test_no_secret_is_ever_written"),
        (WEBHOOKS, "test_secrets_appear_neither_in_logs_nor_in_errors"),
        (WEBHOOKS, "test_a_secret_is_made_where_none_is_given_and_shown_once"),
    ),
    "47 races": (
        (PERMISSIONS, "test_two_who_take_each_others_role_away_end_as_one"),
        (PERMISSIONS, "test_a_refresh_token_sent_twice_at_once_works_once_and_ends_the_sign_in"),
        ("core/test_merging.py", "test_merging_both_ways_at_once_ends_as_one"),
        ("core/test_merging.py", "test_undoing_twice_at_once_ends_as_one"),
        ("core/test_numbering.py", "test_sixteen_at_once_get_sixteen_numbers"),
        ("core/test_staff_actions.py", "test_two_agents_cannot_both_win_a_ticket"),
        ("api/test_kit.py", "test_many_at_once_have_one_effect"),
        ("core/test_approval_decisions.py", "test_two_decisions_at_once_end_as_one"),
        ("core/test_approval_policies.py", "test_two_ask_at_once_and_one_request_comes_of_it"),
        (SIGN_IN, "test_one_persons_idempotency_key_answers_nobody_else"),
    ),
    "48 supply chain": (("security/test_attacks_listed.py", "test_every_package_is_pinned"),),
    "R1 handlers and variables of pages": (
        (BRIDGE, "test_every_handler_of_ours_goes_over_the_bridge"),
        (BRIDGE, "test_an_actor_is_never_taken_from_the_page"),
        (BRIDGE, "test_what_a_requester_holds_has_no_place_for_internal_words"),
    ),
    "R2 state lost or left behind": (
        (ENDED, "test_an_ended_session_is_emptied_and_led_back_after_signing_in"),
        (GATE, "test_the_name_of_a_tabs_state_depends_on_the_cookie_and_hides_both"),
        ("core/test_drafts.py", "test_draft_is_saved_replaced_and_discarded"),
    ),
}

NO_PLACE = {
    "21 forged replies by mail": "No mail is taken in.",
    "22 unknown senders": "No mail is taken in.",
    "23 the ticket trick": "No mail is taken in, and nobody is put in copy.",
    "24 mail bombs": "No mail is sent.",
    "25 headers from outside": "No mail is taken in.",
    "26 mail that costs too much to read": "No mail is taken in.",
    "27 loops of mail": "No mail is taken in or sent.",
    "45 words that speak to a model": "No model reads tickets.",
    "R3 state that grows": "A matter of design: one page of rows a tab (see docs/decisions).",
}
"""What has no place here today; the day it gets one, it needs a test."""

NUMBERS = [*map(str, range(1, 49)), "R1", "R2", "R3"]


@cache
def names_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / "tests" / path).read_text())
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, kinds))


def test_every_attack_is_held_or_has_no_place() -> None:
    listed = [attack.partition(" ")[0] for attack in (*HELD, *NO_PLACE)]
    assert sorted(listed) == sorted(NUMBERS)


@pytest.mark.parametrize("attack", HELD)
def test_what_holds_it_is_there(attack: str) -> None:
    assert HELD[attack]
    for path, name in HELD[attack]:
        assert name in names_in(path), f"{path} has no {name}"


def test_every_package_is_pinned() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text().splitlines():
            package = line.partition("#")[0].strip()
            assert not package or "==" in package or package.startswith("-r "), line
    assert (ROOT / "reflex.lock").exists()
