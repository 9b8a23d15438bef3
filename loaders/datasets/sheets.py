"""Reading workbooks (xlsx) sheet by sheet, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from crisisgov.loaders.datasets.ledger import FileLedger


def sheets(path: Path, ledger: FileLedger) -> Iterator[tuple[str, Iterator[list[str]]]]:
    """Yield name and rows of each sheet, every cell as text: days as YYYY-MM-DD, 3.0 as 3.

    A workbook that cannot be read is rejected in the ledger.
    """
    try:
        with CalamineWorkbook.from_path(path) as book:
            for name in book.sheet_names:
                rows = book.get_sheet_by_name(name).iter_rows()
                yield name, ([_text(cell) for cell in row] for row in rows)
    except (CalamineError, OSError, ValueError) as error:
        ledger.reject(1, f"no workbook, or a torn one: {error}")


def _text(cell: object) -> str:
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip()
