import pytest

from sample_data.pedicle import SCREW_OFFSETS_MM, breach_mm, grade_of, pedicle

BREACHES_MM = (0, 0.5, 2.5, 4.5, 6.5)


@pytest.mark.parametrize(
    ("offset_mm", "breach", "grade"), list(zip(SCREW_OFFSETS_MM, BREACHES_MM, "ABCDE", strict=True))
)
def test_a_screw_breaches_by_what_it_is_off_beyond_its_leeway(
    offset_mm: float, breach: float, grade: str
) -> None:
    """Phantom check 8."""
    assert breach_mm(offset_mm) == pytest.approx(breach)
    assert pedicle().truths[f"breach_at_{offset_mm:g}_mm_offset_mm"] == pytest.approx(breach)
    assert grade_of(breach) == grade
