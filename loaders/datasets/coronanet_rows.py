"""Rows of CoronaNet: their columns in every form of the files, their dates, what they mean."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crisisgov.loaders.datasets import checks, coronanet_types, names
from crisisgov.loaders.datasets.rows import Row

BASE_LENGTH = 17
"""Characters of a ``record_id`` that rows of one event share; the rest is the sub-category."""

EXPORT_DAYS = frozenset({"2023-12-02", "2023-05-08", "2022-11-29", "2022-08-10", "2021-05-04"})
"""Days on which the known files were made: as an end they mean that none was known."""

PANDEMIC = "2019-12-01"
"""No measure against the disease is older; stands for "at any time before it was entered"."""

_ID = re.compile(r"[A-Za-z0-9_]{1,40}")

COLUMNS = (
    "record_id policy_id entry_type update_type description event_description date_announced "
    "date_start date_end date_end_spec country ISO_A2 init_country_level province ISO_L2 city "
    "category type type_sub_cat link collab collab_id recorded_date target_country"
).split()


@dataclass(slots=True)
class Entry:
    """One row by name, and where it stands."""

    line: int
    record_id: str
    base: str
    values: dict[str, str]


class Unusable(ValueError):
    """Why a row cannot be turned into an event."""


def generation(file: tuple[str, object]) -> tuple[int, str]:
    """Order files so that the newest form of a row is read first."""
    name = file[0]
    if re.search(r"_v0\.\d", name):
        return 2, name
    return (1 if "periscope" in name else 0), name


def read_entry(row: Row, places: list[tuple[str, int]]) -> Entry | None:
    """Return a row by name, None when its ``record_id`` is no id."""
    taken = row.values
    values = {}
    for column, number in places:
        value = taken[number]
        # NA is "none" in the early release, and Namibia in this one column
        missing = value == "-" or (value == "NA" and column != "ISO_A2")
        values[column] = "" if missing else value.strip()
    record_id = values["record_id"]
    if not _ID.fullmatch(record_id):
        return None
    base = record_id[:BASE_LENGTH] if record_id.startswith("R_") else record_id
    return Entry(row.line, record_id, base, values)


def category_of(type_: str, sub: str) -> tuple[str, str]:
    """Return id and label of a category."""
    type_ = type_ or "No type given"
    if not sub or sub == type_:
        return names.slug(type_), type_
    return f"{names.slug(type_)}/{names.slug(sub)[:80]}", f"{type_}: {sub}"


def meaning_of(values: dict[str, str]) -> coronanet_types.Meaning:
    """Return kinds, measure types and names of the category of a row."""
    type_ = values["type"]
    if not coronanet_types.known(type_) and values.get("category"):
        type_ = values["category"]
    return coronanet_types.meaning(type_, values.get("type_sub_cat", ""))


def phase_of(values: dict[str, str]) -> str:
    """Tell whether a row starts, changes or ends a policy."""
    if values.get("entry_type") != "update":
        return "start"
    return "end" if values.get("update_type") == "End of Policy" else "change"


def dates_of(values: dict[str, str]) -> tuple[str, str, list[str]]:
    """Return start, announcement and the flags they deserve.

    :raises Unusable: when no date is given at all, or one that is no day
    """
    start, announced = values["date_start"], values["date_announced"]
    if "/" in start + announced:
        raise Unusable(f"{start or announced!r} is no day; expected YYYY-MM-DD")
    if start and announced and start < announced:
        return start, announced, ["starts-before-announcement"]
    if start:
        return start, announced, []
    if announced:
        return announced, announced, ["announcement-as-start"]
    recorded = values.get("recorded_date", "")[:10]
    if recorded:
        return f"{PANDEMIC}/{recorded}", "", ["entry-day-as-date"]
    raise Unusable("no date: date_start, date_announced and recorded_date are empty")


def end_of(values: dict[str, str], start: str, flags: list[str]) -> str:
    """Return the end of a measure, empty when none is known."""
    end = values.get("date_end", "")
    if not end or "/" in start:
        return ""
    if end in EXPORT_DAYS or "unlimited" in values.get("date_end_spec", ""):
        flags.append("end-censored")
        return ""
    if end < start:
        flags.append("ends-before-start")
        return ""
    return end


def day_of_end(
    values: dict[str, str], start: str, end: str, known: set[str], flags: list[str]
) -> tuple[str, str]:
    """Return the first and last day on which a policy can have ended.

    Such rows give the day of the update as their start, or repeat the start of the policy
    and give the end as theirs; where neither is certain, the days between are possible.
    """
    if start in known and end:
        return end, end
    if end and end > start:
        flags.append("day-of-end-unclear")
        return start, end
    if start in known:
        recorded = values.get("recorded_date", "")[:10]
        flags.append("day-of-end-unclear")
        return start, max(start, recorded)
    return start, start


def text_flags(said: str, dates: tuple[str, ...], codes: list[str], phase: str) -> list[str]:
    """Return the flags that the text of a row deserves against its own dates and countries."""
    given = [day for one in dates for day in one.split("/") if day]
    flags = []
    if checks.years_differ(said, given):
        flags.append("year-in-text-differs")
    elif phase == "start" and checks.day_differs(said, given):
        # texts of updates begin with that of the entry before them
        flags.append("day-in-text-differs")
    if checks.other_country(said, codes):
        flags.append("country-in-text-differs")
    return flags


def codes_of(names_: str) -> list[str]:
    """Return the codes of a list of countries."""
    known = names.country_names()
    found = (known.get(names.plain(part)) for part in names_.split(",") if part)
    return [code for code in found if code is not None]


# What the trackers that CoronaNet took over call their indicators.
_OXCGRT_INDICATORS = {
    "school": "C1",
    "workplace": "C2",
    "events": "C3",
    "gatherings": "C4",
    "transport": "C5",
    "stay": "C6",
    "intmvt": "C7",
    "extmvt": "C8",
    "info": "H1",
    "testing": "H2",
    "tracing": "H3",
    "mask": "H6",
    "vax": "H7",
    "elderly": "H8",
}


def oxcgrt_key(rest: str) -> str:
    """Return the key of an OxCGRT event for ``Afghanistan_20200514_info``; empty when none fits."""
    parts = rest.split("_")
    if len(parts) < 3 or len(parts[-2]) != 8:
        return ""
    day, indicator = parts[-2], _OXCGRT_INDICATORS.get(parts[-1], "")
    code = names.country_names().get(names.plain(" ".join(parts[:-2])), "")
    return f"{code}-{indicator}-{day[:4]}-{day[4:6]}-{day[6:]}" if code and indicator else ""


def summary(
    what: str,
    group: list[Entry],
    place: str,
    start: str,
    announced: str,
    end: str,
    phase: str,
) -> str:
    """Return a summary in our own words, made of the coded fields."""
    subs = [entry.values.get("type_sub_cat", "") for entry in group]
    detail = "; ".join(dict.fromkeys(sub for sub in subs if sub))[:300]
    level = group[0].values.get("init_country_level", "").lower()
    when = f"on {start}" if "/" not in start else f"between {start.replace('/', ' and ')}"
    told = f"{what} in {place}: {phase} {when}"
    if announced and announced != start:
        told += f", announced on {announced}"
    if end:
        told += f", until {end}"
    told += "."
    if detail:
        told += f" Coded as: {detail}."
    if level:
        told += f" Level of the initiator: {level}."
    return told
