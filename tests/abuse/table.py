"""The list of attacks, row by row: where each is shown to bite, and where it is shown not to here.

Rows 37 to 54, of hostile files, are tried in `tests/imaging` and `tests/segmentation`.
"""

from typing import Final

from tests.abuse.row import Row
from tests.abuse.rows_online import ONLINE
from tests.abuse.rows_records import RECORDS

ROWS: Final = (*range(1, 37), *range(55, 67))

TABLE: Final[dict[int, Row]] = {**ONLINE, **RECORDS}
