"""Which studies a query finds."""

import re
from typing import Final, get_args

import apsw

from imaging.catalog.database import rows_of
from imaging.catalog.reading import read_study
from imaging.catalog.records import LARGEST_PAGE, Order, Page, Query
from imaging.catalog.words import match_of
from imaging.errors import CatalogError

_DATE: Final = re.compile(r"(\d{4}-\d{2}-\d{2})?")


def search(connection: apsw.Connection, query: Query) -> Page:
    """Return a page of the studies that are found.

    Raises
    ------
    CatalogError
        The query's date is none, or its page is too large.
    """
    _require_sound(query)
    asked = {
        "words": match_of(query.text),
        "modality": query.modality.upper(),
        "since": query.since,
        "until": query.until,
        "removed": query.removed,
        "by": query.order,
    }
    rows = [row for (row,) in rows_of(connection, _FOUND, asked)]
    shown = rows[query.offset : query.offset + query.limit]
    studies = (read_study(connection, row, removed=query.removed) for row in shown)
    return Page(len(rows), tuple(studies))


def _require_sound(query: Query) -> None:
    if not (_DATE.fullmatch(query.since) and _DATE.fullmatch(query.until)):
        raise CatalogError("a date of the search is not written YYYY-MM-DD", "bad_query")
    if not (0 < query.limit <= LARGEST_PAGE and query.offset >= 0):
        raise CatalogError(
            f"a page of the search holds 1 to {LARGEST_PAGE} studies; ask for fewer", "bad_query"
        )
    if query.order not in get_args(Order):
        raise CatalogError(
            f"the search knows no such order; choose {', '.join(get_args(Order))}", "bad_query"
        )


_FOUND: Final = """
WITH shown AS (
    SELECT study_row, max(imported_at) AS last_import,
        max(series.modality = :modality) AS has_modality
    FROM series JOIN volume USING (series_row)
    WHERE (removed_at <> '') = :removed
    GROUP BY study_row
)
SELECT study_row FROM shown JOIN study USING (study_row) JOIN patient USING (patient_row)
WHERE (:words IS NULL OR study_row IN (
        SELECT rowid FROM study_words WHERE study_words MATCH coalesce(:words, '""')
    ))
    AND (:modality = '' OR has_modality)
    AND (:since = '' OR study_date >= :since)
    AND (:until = '' OR (study_date <> '' AND study_date <= :until))
ORDER BY
    CASE WHEN :by = 'oldest' THEN iif(study_date = '', '9999', study_date) END,
    CASE WHEN :by = 'imported' THEN last_import END DESC,
    CASE WHEN :by = 'case' THEN pseudonym END,
    study_date DESC, study_row DESC
"""
