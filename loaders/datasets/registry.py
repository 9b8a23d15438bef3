"""The data sets that can be loaded: what each is, from whom, and under which terms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from crisisgov.loaders.datasets import acaps, cases, coronanet, oxcgrt, who_don
from crisisgov.loaders.datasets.context import Context

OPEN, SHARE_ALIKE, UNCLEAR = "open", "share-alike", "unclear"


@dataclass(frozen=True)
class DataSet:
    """A data set; ``licence`` is an address, ``terms`` says in words what is known of them."""

    name: str
    source: str
    title: str
    publisher: str
    url: str
    standing: str
    licence: str | None
    status: str
    terms: str
    suffixes: tuple[str, ...]
    load: Callable[[Context], Iterator[None]]


DATA_SETS = {
    one.name: one
    for one in (
        DataSet(
            acaps.NAME,
            acaps.SOURCE,
            "ACAPS COVID-19 Government Measures Dataset",
            "ACAPS",
            "https://www.acaps.org/covid19-government-measures-dataset",
            "of-record",
            None,
            UNCLEAR,
            "The file states no licence. Read the terms on the official page before publishing "
            "anything made of it.",
            acaps.SUFFIXES,
            acaps.load,
        ),
        DataSet(
            oxcgrt.NAME,
            oxcgrt.SOURCE,
            "Oxford COVID-19 Government Response Tracker (OxCGRT)",
            "Blavatnik School of Government, University of Oxford",
            "https://github.com/OxCGRT/covid-policy-dataset",
            "of-record",
            "https://creativecommons.org/licenses/by/4.0/",
            OPEN,
            "CC BY 4.0. Cite Hale et al. (2021), A global panel database of pandemic policies, "
            "https://doi.org/10.1038/s41562-021-01079-8.",
            oxcgrt.SUFFIXES,
            oxcgrt.load,
        ),
        DataSet(
            cases.NAME,
            cases.SOURCE,
            "2019-nCoV case counts by province and city",
            "canghailan/Wuhan-2019-nCoV",
            "https://github.com/canghailan/Wuhan-2019-nCoV",
            "of-record",
            "https://spdx.org/licenses/MIT",
            OPEN,
            "MIT licence, (c) 2020 胡昊; the counts are those of the health commissions.",
            cases.SUFFIXES,
            cases.load,
        ),
        DataSet(
            who_don.NAME,
            who_don.SOURCE,
            "A global dataset of pandemic- and epidemic-prone disease outbreaks",
            "Torres Munguía et al.",
            "https://github.com/jatorresmunguia/disease_outbreak_news",
            "of-record",
            "https://spdx.org/licenses/MIT",
            OPEN,
            "MIT licence; the texts of the notices and of ICD-11 are the WHO's and are not loaded. "
            "Cite Torres Munguía et al. (2022), https://doi.org/10.1038/s41597-022-01797-2.",
            who_don.SUFFIXES,
            who_don.load,
        ),
        DataSet(
            coronanet.NAME,
            coronanet.SOURCE,
            "CoronaNet COVID-19 Government Response Event Dataset",
            "CoronaNet Research Project",
            "https://github.com/CoronaNetDataScience/corona_tscs",
            "of-record",
            None,
            UNCLEAR,
            "The repository states no licence; the project describes its data as open with "
            "attribution. Read the terms before publishing anything made of it. Cite Cheng, "
            "Barceló, Hartnett, Kubinec and Messerschmidt (2020).",
            (".csv", ".csv.gz"),
            coronanet.load,
        ),
    )
}
"""Every data set by its name, in the order in which they are loaded.

A set that takes over rows of others comes after them: it then points to their events.
"""

PLACES = "places"
"""``--with places=FOLDER`` reads ids of places; it is no data set of events."""

CROSSWALK = "crosswalk"
"""``--with crosswalk=FILE`` takes the place of this project's table of responsibilities."""
