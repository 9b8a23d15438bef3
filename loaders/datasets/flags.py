"""Quality flags: what is wrong or uncertain in a row, said in the graph and counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crisisgov.loaders.datasets import text
from crisisgov.ontology import terms

SCHEME = "quality-flag"
GRAPH = terms.graph("data/concepts")


@dataclass(frozen=True)
class Flag:
    """A quality flag; ``suspect`` flags keep an event out of rankings by date."""

    id: str
    en: str
    zh: str
    definition: str
    example: str
    suspect: bool = False


FLAGS = {
    flag.id: flag
    for flag in (
        Flag(
            "year-in-text-differs",
            "Year in the text differs",
            "文本年份不符",
            "The text names years, and none of them is that of a date of the row.",
            "A quarantine dated January 2020 whose text speaks of January 2021.",
            suspect=True,
        ),
        Flag(
            "day-in-text-differs",
            "Day in the text differs",
            "文本日期不符",
            "The text begins with a date that lies more than three days from every date of "
            "the row.",
            "A row of 17 January whose text begins with 27 January.",
            suspect=True,
        ),
        Flag(
            "starts-before-announcement",
            "Starts before it was announced",
            "早于公布日期开始",
            "The measure is dated before the day on which it was announced.",
            "A rule of 11 January that was announced on the 27th.",
            suspect=True,
        ),
        Flag(
            "country-in-text-differs",
            "Text is about another country",
            "文本涉及他国",
            "The text begins with the name of a country that is not among those of the row.",
            "A row of China whose text begins with the government of New Zealand.",
            suspect=True,
        ),
        Flag(
            "left-censored",
            "In force when the series begins",
            "序列起始前已生效",
            "The level is above zero on the first day of the series: the change came then or "
            "before.",
            "A testing policy that is 1 on 1 January 2020.",
            suspect=True,
        ),
        Flag(
            "nationwide-value",
            "Value of a wider government",
            "上级政府数值",
            "A series of totals shows what applies in the place, whoever ordered it; the act "
            "may be that of a wider government.",
            "A campaign of the capital that shows in every province on the same day.",
            suspect=True,
        ),
        Flag(
            "onset-found-later",
            "Onset found later",
            "事后追溯的发病日期",
            "The date is one of illness that was found out afterwards, not that of a report.",
            "A first case of 1 December 2019 in a series of reports from 2020.",
            suspect=True,
        ),
        Flag(
            "end-censored",
            "End is the day of the export",
            "终止日期为导出日",
            "The end in the row is the day on which the file was made: the measure had not "
            "ended by then.",
            "An unlimited measure that ends on 2 December 2023.",
        ),
        Flag(
            "ends-before-start",
            "Ends before it starts",
            "终止早于开始",
            "The end in the row lies before its start and is left out.",
            "A measure from 5 May to 5 April.",
        ),
        Flag(
            "day-of-end-unclear",
            "Day of the end unclear",
            "终止日不明",
            "The row tells of the end of a policy and does not say which of its days is that "
            "of the end.",
            "An end of policy with a start of 24 May and an end of 30 July.",
            suspect=True,
        ),
        Flag(
            "place-unresolved",
            "Place not identified",
            "地点未能识别",
            "The row names a place that fits no single ISO 3166 code; the event is put in the "
            "place around it.",
            "A province of which only a nickname is given.",
        ),
        Flag(
            "several-places",
            "Several places",
            "涉及多个地点",
            "The row has several places; the event is put in the first, or in the place "
            "around them.",
            "An agreement of seven states.",
        ),
        Flag(
            "announcement-as-start",
            "No start, announcement instead",
            "以公布日代替开始日",
            "The row has no start; the day of the announcement stands for it.",
            "A row with a date of announcement only.",
        ),
        Flag(
            "entry-day-as-date",
            "No date, day of entry instead",
            "以录入日代替日期",
            "The row has no date; it happened on the day on which it was entered, or before.",
            "A row without the date of implementation.",
            suspect=True,
        ),
    )
}
"""Every flag by its id."""


def lines(used: Iterable[str]) -> Iterator[str]:
    """Yield the scheme and the flags that a load has used."""
    end = text.tail(GRAPH)
    scheme = f"<{terms.BASE}concept/{SCHEME}>"
    skos = terms.SKOS
    yield f"{scheme}{text.TYPE}<{skos}ConceptScheme>{end}"
    for label in (text.lang("Quality flags", "en"), text.lang("数据质量标记", "zh")):
        yield f"{scheme}{text.LABEL}{label}{end}"
    yield (
        f"{scheme} <{skos}definition> "
        + text.lang("What is wrong or uncertain in a row of a data set.", "en")
        + end
    )
    for name in used:
        flag = FLAGS[name]
        node = text.concept(SCHEME, name)
        yield f"{node}{text.TYPE}<{skos}Concept>{end}"
        yield f"{node} <{skos}inScheme> {scheme}{end}"
        for label in (text.lang(flag.en, "en"), text.lang(flag.zh, "zh")):
            yield f"{node}{text.LABEL}{label}{end}"
            yield f"{node} <{skos}prefLabel> {label}{end}"
        yield f"{node} <{skos}definition> {text.lang(flag.definition, 'en')}{end}"
        yield f"{node} <{skos}example> {text.lang(flag.example, 'en')}{end}"
