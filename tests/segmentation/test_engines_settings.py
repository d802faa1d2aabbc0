import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentation.engines.engine import Setting
from segmentation.engines.settings import checked_settings
from segmentation.engines.table import ENGINES, engine_named, run_engine
from segmentation.errors import EmptySegmentError, SegmentationError, UnknownEngineError
from tests.segmentation.engine_phantoms import volume_of


def test_an_unknown_engine_is_refused_with_the_names_of_all() -> None:
    with pytest.raises(UnknownEngineError, match="threshold, bone, skin, vessels"):
        engine_named("bones")


@pytest.mark.parametrize("name", ENGINES)
def test_an_unknown_key_is_refused_with_the_keys_of_the_engine(name: str) -> None:
    with pytest.raises(UnknownEngineError, match=r"no key 'lower'; its keys are lower_hu"):
        checked_settings(ENGINES[name], {"lower": 3})


@pytest.mark.parametrize("value", ["nan", math.nan, "inf", "", "three", True, "1e9", "0x10"])
def test_what_is_no_number_within_bounds_is_refused_by_name(value: Setting) -> None:
    with pytest.raises(UnknownEngineError, match="takes for lower_hu a number from"):
        checked_settings(ENGINES["bone"], {"lower_hu": value})


def test_a_count_must_be_whole() -> None:
    with pytest.raises(UnknownEngineError, match="a whole number"):
        checked_settings(ENGINES["bone"], {"maximum_pieces": "1.5"})


def test_the_lower_bound_lies_below_the_upper_bound() -> None:
    with pytest.raises(UnknownEngineError, match="lower_hu below upper_hu, not 300 and 300"):
        checked_settings(ENGINES["threshold"], {"lower_hu": 300, "upper_hu": "300"})


@settings(deadline=None, max_examples=30)
@given(lower=st.integers(-1024, 3000), width=st.integers(1, 500))
def test_numbers_and_their_texts_mean_the_same(lower: int, width: int) -> None:
    engine = ENGINES["threshold"]
    as_text = checked_settings(engine, {"lower_hu": f"{lower}", "upper_hu": f" {lower + width} "})
    assert as_text == checked_settings(engine, {"lower_hu": lower, "upper_hu": lower + width})


def test_what_is_not_given_takes_its_default() -> None:
    assert checked_settings(ENGINES["bone"], {"minimum_ml": "2"}) == {
        "lower_hu": None,
        "blood_up_to_hu": 600.0,
        "minimum_ml": 2.0,
        "maximum_pieces": 500,
    }


@pytest.mark.parametrize("name", ["threshold", "bone", "skin", "vessels"])
def test_an_empty_result_says_which_values_there_are(name: str) -> None:
    volume = volume_of(np.linspace(-1000, 250, 1000).astype(np.int16).reshape(10, 10, 10))
    with pytest.raises(
        EmptySegmentError, match="go from -1000 to 250; choose lower_hu at or below"
    ):
        run_engine(volume, name, {"lower_hu": 300})


def test_an_empty_band_says_which_values_there_are() -> None:
    volume = volume_of(np.full((4, 4, 4), 10, dtype=np.int16))
    with pytest.raises(EmptySegmentError, match=r"between -900 and -800 HU.* choose upper_hu"):
        run_engine(volume, "threshold", {"lower_hu": -900, "upper_hu": -800})


def test_bone_is_refused_where_the_values_are_no_hounsfield_units() -> None:
    volume = volume_of(np.arange(64, dtype=np.int16).reshape(4, 4, 4), hu=False)
    with pytest.raises(SegmentationError, match="needs Hounsfield units"):
        run_engine(volume, "bone", {})


@pytest.mark.parametrize("name", ENGINES)
def test_a_volume_without_contrast_is_refused_or_found_but_never_a_fault(name: str) -> None:
    volume = volume_of(np.zeros((3, 3, 3), dtype=np.int16))
    try:
        found = run_engine(volume, name, {})
    except SegmentationError:
        return
    assert found.voxels > 0
