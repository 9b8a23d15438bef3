"""Names of places, made comparable; names of countries and subdivisions to ISO codes."""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

import pycountry

_WORDS = re.compile(r"[^\W_]+")

# Words that say what kind of unit it is; sources add or drop them as they like.
_KINDS = frozenset(
    """al an autonomous capital city canton comarca commune comuna county de del departamento
    department departement di distrikt district distrito do emirate entity federal governorate
    island islands krai kray gorod la le mun municipality metropolitan muhafazat na oblast oblast'
    of okrug parish parroquia prefecture province provincia qarku region regione regional
    republic respublika rural sheng shi special administrative state territory the
    voivodeship wilaya zizhiqu zone""".split()
)


def table(name: str) -> list[dict[str, str]]:
    """Return the rows of a table in ``tables/``; lines that begin with # are remarks."""
    return read_table("tables", name)


def read_table(folder: str, name: str) -> list[dict[str, str]]:
    """Return the rows of a table of this package; lines that begin with # are remarks."""
    path = files("crisisgov") / "loaders" / "datasets" / folder / name
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@lru_cache(maxsize=50_000)
def plain(name: str) -> str:
    """Return a name without accents, case and punctuation."""
    folded = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(c for c in folded if not unicodedata.combining(c))
    bare = bare.replace("ø", "o").replace("ł", "l").replace("đ", "d").replace("ı", "i")
    return " ".join(_WORDS.findall(bare.replace("'", "").replace("’", "")))


@lru_cache(maxsize=50_000)
def core(name: str) -> str:
    """Return a name without the words that only say what kind of unit it is."""
    words = plain(name).split()
    return " ".join(word for word in words if word not in _KINDS) or " ".join(words)


@lru_cache(maxsize=50_000)
def slug(name: str) -> str:
    """Return a name as the last part of an id: lower-case ASCII words joined by hyphens."""
    return "-".join(re.findall(r"[a-z0-9]+", plain(name)))


@cache
def country_names() -> dict[str, str]:
    """Return ISO 3166-1 alpha-2 codes by comparable name and by alpha-3 code."""
    found: dict[str, str] = {}
    for one in pycountry.countries:
        code = str(one.alpha_2)
        for key in ("name", "common_name", "official_name"):
            if (name := getattr(one, key, None)) is not None:
                found.setdefault(plain(name), code)
        found[str(one.alpha_3).casefold()] = code
    for row in table("countries.csv"):
        found[plain(row["name"])] = row["code"]
        if row["alpha3"]:
            found[row["alpha3"].casefold()] = row["code"]
    return found


@cache
def country_labels() -> dict[str, str]:
    """Return English names of countries by ISO 3166-1 alpha-2 code."""
    found: dict[str, str] = {}
    for one in pycountry.countries:
        found[str(one.alpha_2)] = str(getattr(one, "common_name", one.name))
    for row in table("countries.csv"):
        if row["label"] == "yes":
            found[row["code"]] = row["name"]
    return found


@cache
def subdivisions() -> dict[str, tuple[str, str | None]]:
    """Return name and parent code of each ISO 3166-2 code."""
    return {
        str(one.code): (str(one.name), one.parent_code and str(one.parent_code))
        for one in pycountry.subdivisions
    }


@cache
def _provinces() -> tuple[dict[tuple[str, str], str], dict[tuple[str, str], str]]:
    """Return codes by country and name, once by whole names and once by their core."""
    whole: dict[tuple[str, str], set[str]] = {}
    bare: dict[tuple[str, str], set[str]] = {}
    for code, (name, _) in subdivisions().items():
        country = code[:2]
        for part in {name, *re.split(r"[/\[\]()]", name)}:
            if part.strip():
                whole.setdefault((country, plain(part)), set()).add(code)
                bare.setdefault((country, core(part)), set()).add(code)
    first, second = ({k: _one(v) for k, v in index.items()} for index in (whole, bare))
    named = {k: v for k, v in first.items() if v}
    for row in table("provinces.csv"):
        named[row["country"], plain(row["name"])] = row["code"]
    return named, {k: v for k, v in second.items() if v}


def _one(codes: set[str]) -> str:
    """Return the one code that is meant: the only one, else the only one of the first level."""
    if len(codes) == 1:
        return next(iter(codes))
    top = [code for code in codes if subdivisions()[code][1] is None]
    return top[0] if len(top) == 1 else ""


def province(country: str, name: str) -> str | None:
    """Return the ISO 3166-2 code of a subdivision of a country by its name, or None."""
    named, bare = _provinces()
    key = (country, plain(name))
    if key in named:
        return named[key] or None  # a name that fits several units is listed without a code
    return bare.get((country, core(name)))
