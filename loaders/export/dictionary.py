"""The data dictionary, from the columns: ``python -m crisisgov.loaders.export.dictionary``."""

from __future__ import annotations

from crisisgov.loaders.export import reading
from crisisgov.loaders.export.columns import TABLES, TYPES

_READING = [
    "Tests run these lines as they stand (pandas and R where installed). R reads the CSV files;",
    "with the package arrow, `arrow::read_parquet` reads the others (not tried). Bounds are",
    "not points: the middle of them, as below, is a convenience, and a conclusion that does",
    "not hold with both ends is none. Leave out `suspect_date` before asking what came first.",
]


def markdown() -> str:
    """Return docs/data-dictionary.md."""
    lines = [
        "# Data dictionary of the exported tables",
        "",
        "`crisisgov export --format parquet --output FOLDER` (or `csv`) writes these tables. This",
        "page is generated from the same list of columns as the files; after a change of it:",
        "`python -m crisisgov.loaders.export.dictionary > docs/data-dictionary.md`.",
        "",
        "Rows of data sets that are share-alike, or whose licence is unclear, are left",
        "out unless asked for with `--include-licence`; the columns `data_set`,",
        "`licence_status` and `licence` say what each row may be used for. An empty cell",
        "means that nothing is recorded, never that nothing happened.",
        "",
        "Types:",
        "",
        "| type | meaning |",
        "|---|---|",
        *(f"| {name} | {meaning} |" for name, meaning in TYPES.items()),
    ]
    for table in TABLES:
        lines += ["", f"## {table.name}", "", table.summary, ""]
        lines += ["| column | type | meaning | property |", "|---|---|---|---|"]
        for column in table.columns:
            name = column.property.rpartition("#")[2] or column.property
            source = f"`{name}`" if name else ""
            lines.append(f"| {column.name} | {column.type} | {column.summary} | {source} |")
    lines += ["", "## Reading the tables", ""]
    lines += _READING
    for name, language, code in (
        ("polars", "python", reading.POLARS),
        ("pandas", "python", reading.PANDAS),
        ("R", "r", reading.R),
    ):
        lines += ["", f"{name}:", "", f"```{language}", *code.splitlines(), "```"]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(markdown(), end="")
