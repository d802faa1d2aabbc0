"""A page is told once by how much it comes too early, and then it does not."""

import random

from hypothesis import given
from hypothesis import strategies as st

from workspace.server.rhythm import BEAT_S, MARGIN_S, WORTH_S, Rhythm, earliness

ORIGIN_S = 1000.0


def waits(rhythm: Rhythm, phase_s: float, scatter_s: float, count: int) -> tuple[list[float], int]:
    """Let a page send `count` times and heed what it is told; return waits, s, and how often."""
    chance = random.Random(3)
    found, told = [], 0
    for number in range(count):
        now_s = ORIGIN_S + phase_s + number * BEAT_S + chance.uniform(0, scatter_s)
        found.append(BEAT_S - (now_s - ORIGIN_S) % BEAT_S)
        early_s = rhythm.heard(now_s)
        if early_s is not None:
            phase_s += early_s - MARGIN_S
            told += 1
    return found, told


@given(st.floats(0, BEAT_S), st.floats(0, 0.002))
def test_from_any_phase_presence_comes_just_before_the_beat(
    phase_s: float, scatter_s: float
) -> None:
    found, told = waits(Rhythm(ORIGIN_S), phase_s, scatter_s, 100)
    settled = found[30:]
    assert sum(settled) / len(settled) <= MARGIN_S + scatter_s + WORTH_S
    assert told <= 2


def test_a_page_that_is_on_the_beat_is_told_nothing() -> None:
    _, told = waits(Rhythm(ORIGIN_S), BEAT_S - 0.002, 0.001, 200)
    assert told == 0


def test_a_page_that_scatters_over_the_whole_beat_is_left_in_peace() -> None:
    _, told = waits(Rhythm(ORIGIN_S), 0.01, BEAT_S, 250)
    assert told <= 10  # at most once a second


def test_moments_that_are_far_apart_say_nothing_of_a_pace() -> None:
    rhythm = Rhythm(ORIGIN_S)
    assert all(rhythm.heard(ORIGIN_S + number) is None for number in range(50))


@given(st.lists(st.floats(0.0001, BEAT_S * 0.999), min_size=2, max_size=12))
def test_to_keep_to_no_other_of_the_moments_would_be_better(early_s: list[float]) -> None:
    latest_s, saved_s = earliness(early_s)
    assert latest_s in early_s
    for it in early_s:
        mean_s = sum((other - it) % BEAT_S for other in early_s) / len(early_s)
        assert saved_s >= sum(early_s) / len(early_s) - mean_s - MARGIN_S - 1e-9
