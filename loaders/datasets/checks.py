"""Checks of a row's dates and places against its own text."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from functools import cache

from crisisgov.loaders.datasets import names

_YEAR = re.compile(r"\b(20(?:19|2[0-4]))\b")
_MONTHS = {
    name: number
    for number, month in enumerate(
        (
            "january february march april may june july august september october november december"
        ).split(),
        1,
    )
    for name in (month, month[:3])
}
_MONTHS["sept"] = 9
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATE = re.compile(
    rf"\b(?:(?P<m1>{_MONTH})\.?\s+(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m2>{_MONTH})\.?),?\s+(?P<y>20\d\d)\b",
    re.IGNORECASE,
)
# "On February 5, the city ...": only at the very beginning, since a text may go on to other days
_DAY_FIRST = re.compile(
    rf"\W*(?:(?:on|as of|from|since|starting(?: from| on)?|beginning|effective)\b\W*)?(?:the\s+)?"
    rf"(?:(?P<m1>{_MONTH})\.?\s+(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m2>{_MONTH})\.?)\b"
    r"(?!\W{0,3}(?:20\d\d|and|to|-|–|until))",
    re.IGNORECASE,
)
_BEGINNING = 80  # characters in which a text says when and who
FAR_DAYS = 3


def years_differ(text: str, days: Collection[str]) -> bool:
    """Tell whether a text names years, and none of them is that of one of the days."""
    found = set(_YEAR.findall(text))
    return bool(found) and not any(day[:4] in found for day in days)


def day_differs(text: str, days: Collection[str]) -> bool:
    """Tell whether the date at the beginning of a text is far from every one of the days.

    A date without a year counts where the text begins with it, and is that of the year in
    which it is nearest.
    """
    match = _DATE.search(text[:_BEGINNING])
    whole = match is not None
    match = match or _DAY_FIRST.match(text)
    if match is None:
        return False
    month, day = _MONTHS[(match["m1"] or match["m2"]).lower()], int(match["d1"] or match["d2"])
    try:
        given = [date.fromisoformat(one) for one in days]
        near = {one.year + n for one in given for n in (-1, 0, 1)}
        said = [date(year, month, day) for year in ([int(match["y"])] if whole else near)]
    except ValueError:
        return False  # no days at all, which is told elsewhere
    return all(abs((one - there).days) > FAR_DAYS for one in given for there in said)


@cache
def _countries() -> re.Pattern[str]:
    # Names that are also those of people, states or parts of other names say nothing.
    doubtful = {
        "georgia",
        "jersey",
        "jordan",
        "chad",
        "mali",
        "niger",
        "guinea",
        "oman",
        "us",
        "usa",
    }
    found = [
        name
        for code, name in names.country_labels().items()
        if name.casefold() not in doubtful and len(name) > 3 and code != "EU"
    ]
    found.sort(key=len, reverse=True)
    subjects = (
        r"\s+(?:government|authorities|ministry|parliament|announce[sd]?|declare[sd]?|is|has)\b"
    )
    return re.compile(rf"\b({'|'.join(map(re.escape, found))}){subjects}")


def other_country(text: str, own: Collection[str]) -> bool:
    """Tell whether a text begins with the government of a country, and none of its own.

    :param own: alpha-2 codes of the row's initiators and targets
    """
    beginning = text[:_BEGINNING]
    match = _countries().search(beginning)
    labels = names.country_labels()
    if match is None or any(labels.get(code, "?") in beginning for code in own):
        return False
    code = names.country_names().get(names.plain(match[1]))
    return code is not None and not {code, _WITHIN.get(code, code)} & set(own)


_WITHIN = {
    part: whole
    for whole, parts in {
        "CN": "HK MO TW",
        "DK": "FO GL",
        "FR": "GF GP MQ NC PF RE YT PM WF BL MF",
        "GB": "GG GI IM JE BM KY VG FK MS TC AI SH",
        "NL": "AW CW SX BQ",
        "US": "PR GU VI AS MP",
        "FI": "AX",
    }.items()
    for part in parts.split()
}
"""Codes of places that a source may file under a wider government. Nothing is said of status."""
