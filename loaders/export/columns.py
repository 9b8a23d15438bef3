"""The columns of the exported tables: name, type, where it comes from, what it means."""

# ruff: noqa: E501 - the tables read best with one column a line

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from crisisgov.ontology import terms

Type = Literal["id", "text", "integer", "decimal", "timestamp", "boolean", "list"]

TYPES: dict[Type, str] = {
    "id": "text: the last part of the IRI, after its kind",
    "text": "text",
    "integer": "64-bit integer",
    "decimal": "64-bit floating point",
    "timestamp": "UTC timestamp, microseconds (CSV: 2020-01-23T02:00:00Z)",
    "boolean": "true or false",
    "list": 'text: ids in alphabetical order, joined by " | "',
}


@dataclass(frozen=True)
class Column:
    """A column; ``property`` is that of the vocabulary, or an IRI; empty for what is looked up.

    ``absent`` is the value where nothing is stated; None leaves the cell empty.
    """

    name: str
    type: Type
    property: str
    summary: str
    language: str = ""
    absent: bool | None = None

    def iri(self) -> str:
        """Return the property's IRI."""
        return self.property if "://" in self.property else terms.CG + self.property


LABEL = terms.RDFS + "label"
_LICENCE = (
    Column("data_set", "text", "", "Data set that states it; curated for records of this project"),
    Column("licence_status", "text", "", "open, share-alike or unclear"),
    Column("licence", "text", "", "Address of the licence, empty where none is stated"),
)
_BOUNDS = (
    Column("earliest", "timestamp", "earliest", "First second at which it can have been"),
    Column("latest", "timestamp", "latest", "Last second at which it can have been"),
)


@dataclass(frozen=True)
class Table:
    """A table of all entities of a class; ``kind`` is the part of their IRIs before the id."""

    name: str
    cls: str
    kind: str
    summary: str
    columns: tuple[Column, ...]


TABLES = (
    Table(
        "events",
        "Event",
        "event",
        "One row for each event, whichever records or data sets tell of it.",
        (
            Column("event", "id", "", "Id of the event; its page is /event/ID"),
            Column("label", "text", LABEL, "English label", "en"),
            Column("label_zh", "text", LABEL, "Chinese label; of everything Chinese", "zh"),
            Column("kinds", "list", terms.RDF_TYPE, "Classes of the event, those above included"),
            Column("crisis", "list", "crisis", "Crises to which it belongs"),
            Column("place", "list", "place", "Places, by ISO 3166 code where there is one"),
            Column("actor", "list", "actor", "Who acted; empty where the source does not say"),
            Column("edtf", "text", "edtf", "Date as written, in the EDTF profile"),
            *_BOUNDS,
            Column("end_earliest", "timestamp", "endEarliest", "First second at which it can have ended"),
            Column("end_latest", "timestamp", "endLatest", "Last second at which it can have ended"),
            Column("suspect_date", "boolean", "suspectDate", "A quality flag puts the date in doubt", absent=False),
            Column("quality_flags", "list", "qualityFlag", "What is wrong or uncertain in the row"),
            Column("phase", "text", "phase", "start, change or end of a measure"),
            Column("measure_types", "list", "measureType", "Types of measure"),
            Column("response_level", "integer", "responseLevel", "Level of emergency response; in China 1 is the highest"),
            Column("series_scope", "text", "seriesScope", "Whose measures the series counts (OxCGRT)"),
            Column("level_before", "decimal", "levelBefore", "Level of the indicator before (OxCGRT)"),
            Column("level_after", "decimal", "levelAfter", "Level of the indicator after (OxCGRT)"),
            Column("summary", "text", "summary", "What happened, in our words"),
            *_LICENCE,
        ),
    ),
    Table(
        "findings",
        "Finding",
        "finding",
        "One row for each evaluated obligation and each finding of an authority.",
        (
            Column("finding", "id", "", "Id of the finding; its page is /finding/ID"),
            Column("label", "text", LABEL, "English label", "en"),
            Column("kinds", "list", terms.RDF_TYPE, "Classes: computed or asserted, failure or not"),
            Column("crisis", "list", "crisis", "Crisis of the matter"),
            Column("topic", "list", "topic", "Topic of the matter"),
            Column("about", "list", "about", "Place or thing that the matter is about"),
            Column("bearer", "list", "bearer", "Whose conduct it judges"),
            Column("norm", "list", "norm", "Norm that is applied"),
            Column("responsibility", "list", "responsibility", "Which of the five responsibilities"),
            Column("failure_type", "list", "failureType", "Type of failure; only of what is one"),
            Column("timeliness", "list", "timeliness", "Verdict of the dates"),
            Column("robust", "boolean", "robust", "The verdict is the same in every reading; empty for findings of authorities"),
            Column("contravention", "list", "contravention", "Verdict on a prohibition"),
            Column("evaluability", "list", "evaluability", "evaluated, not-evaluable or no-data"),
            Column("norm_standing", "list", "normStanding", "binding, soft law or benchmark"),
            Column("power_status", "list", "powerStatus", "Whether the bearer held the power to act"),
            Column("min_delay_seconds", "integer", "minDelaySeconds", "Smallest delay, seconds; never below zero"),
            Column("max_delay_seconds", "integer", "maxDelaySeconds", "Largest delay, seconds; empty when open"),
            Column("min_delay_with_power_seconds", "integer", "minDelayWithPowerSeconds", "Smallest delay from when the bearer knew and had the power, seconds"),
            Column("max_delay_with_power_seconds", "integer", "maxDelayWithPowerSeconds", "Largest delay from when the bearer knew and had the power, seconds"),
            Column("polarity", "list", "polarity", "found or not-found; only of findings of authorities"),
            Column("finding_status", "list", "findingStatus", "final, under-appeal, overturned, withdrawn or opinion; only of findings of authorities"),
            Column("evidence", "list", "evidence", "Events on which it rests"),
            *_LICENCE,
        ),
    ),
    Table(
        "milestones",
        "Milestone",
        "milestone",
        "One row for what came first, or was highest, in a place in a crisis.",
        (
            Column("milestone", "id", "", "Id of the milestone"),
            Column("crisis", "list", "crisis", "Crisis"),
            Column("place", "list", "place", "Place"),
            Column("government", "list", "ofGovernment", "Government; only where the basis is own-act"),
            Column("kind", "list", "milestoneKind", "first-case, first-information, first-emergency, first-measure-TYPE, first-of-RESPONSIBILITY, peak-stringency"),
            Column("basis", "text", "milestoneBasis", "own-act, in-force (whoever ordered it) or reported"),
            *_BOUNDS,
            Column("min_lag_seconds", "integer", "minLagSeconds", "Smallest time from the first case, seconds; below zero when before it"),
            Column("max_lag_seconds", "integer", "maxLagSeconds", "Largest time from the first case, seconds"),
            Column("peak_value", "decimal", "peakValue", "Stringency index at the peak, 0 to 100"),
            Column("events", "integer", "eventCount", "Events among which it is the first"),
            Column("suspect_left_out", "integer", "suspectLeftOut", "Events of the same bearer left out because their date is in doubt"),
            Column("evidence", "list", "rests", "Events, or the file, that give the two bounds"),
            *_LICENCE,
        ),
    ),
)  # fmt: skip
"""Every table with its columns, in order."""
