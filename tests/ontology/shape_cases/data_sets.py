"""Broken events and records of data sets, and what is derived from them."""

from __future__ import annotations

from tests.ontology.shape_cases.breaks import NOBODY, WRONG, br

BREAKS = [
    br("event/told", "cg:phase", '"begin"', says="one of start, change, end"),
    br("event/told", "cg:policyId", "7", says="`policyId` of an event is one text"),
    br("event/later", "cg:sourceText", '"a"', '"b"', says="`sourceText` of an event is one text"),
    br("event/later", "cg:placeText", '"a"', '"b"', says="`placeText` of an event is one text"),
    br("event/later", "cg:continues", NOBODY, says="`continues` leads to the one event before"),
    br("event/told", "cg:qualityFlag", WRONG, says="not in the list of quality flags"),
    br("event/told", "cg:suspectDate", "false", says="`suspectDate` is true or not stated"),
    br("event/told", "cg:qualityFlag", says="Why is the date suspect?"),
    br("record/r", "cg:documents", NOBODY, says="A record documents exactly one event"),
    br("record/r", "cg:locator", says="Where does the row stand?"),
    br("record/r", "cg:category", NOBODY, says="filed under one category at most"),
    br("record/again", "cg:duplicateOf", NOBODY, says="the one record that this one repeats"),
    br("category/c", "cg:source", says="A category is that of exactly one data set"),
    br("datafile/f", "cg:source", says="A file is that of exactly one data set"),
    br("datafile/f", "cg:sha256", '"abc"', says="one `sha256` of 64 hexadecimal digits"),
    br("datafile/f", "cg:rowsRecorded", says="A file needs one `rowsRecorded`"),
    br("datafile/f", "cg:rowsDuplicate", "-1", says="A file needs one `rowsDuplicate`"),
    br("datafile/f", "cg:rowsRejected", '"x"', says="A file needs one `rowsRejected`"),
    br("flagcount/n", "cg:source", says="A count of flags is that of exactly one data set"),
    br("flagcount/n", "cg:qualityFlag", says="A count of flags needs one `qualityFlag`"),
    br("flagcount/n", "cg:eventCount", "-1", says="A count of flags needs one `eventCount`"),
]

FINISHED_BREAKS = [
    # crosswalks
    br("crosswalk/1", "cg:author", says="Whose is it? A crosswalk needs one `author`"),
    br("crosswalk/1", "cg:crosswalkVersion", says="A crosswalk needs one `crosswalkVersion`"),
    br("mapping/m", "cg:mapsCategory", NOBODY, says="A mapping is about exactly one category"),
    br("mapping/m", "cg:inCrosswalk", NOBODY, says="A mapping belongs to exactly one crosswalk"),
    br("mapping/m", "cg:responsibility", WRONG, NOBODY, says="mapped to one responsibility, or"),
    br("mapping/m", "cg:confidence", '"very"', says="How sure is it?"),
    br("mapping/m", "cg:mappingReason", says="Why? A mapping needs one"),
    br("mapping/m", "cg:phsmClass", NOBODY, says="one class of WHO's list, or none"),
    br("mapping/m", "cg:phsmReason", '"a"', '"b"', says="one `phsmReason`."),
    br("mapping/m", "cg:phsmReason", says="a class of WHO's list, or a `phsmReason`"),
    # milestones
    br("milestone/m", "cg:crisis", NOBODY, says="A milestone is that of exactly one crisis"),
    br("milestone/m", "cg:place", NOBODY, says="A milestone is that of exactly one place"),
    br("milestone/m", "cg:milestoneKind", says="What is it the first of?"),
    br("milestone/m", "cg:milestoneBasis", '"all"', says="needs one `milestoneBasis`"),
    br("milestone/m", "cg:ofGovernment", NOBODY, says="the act of one government at most"),
    br("milestone/m", "cg:earliestEpoch", "3", says="not after its `latestEpoch`"),
    br("milestone/m", "cg:latestEpoch", says="A milestone needs one `latestEpoch`"),
    br("milestone/m", "cg:rests", says="rests on one or two things"),
    br("assessment/a", "cg:assesses", NOBODY, says="An assessment is about exactly one milestone"),
    br("assessment/a", "cg:againstNorm", NOBODY, says="applies exactly one benchmark"),
    br("assessment/a", "cg:timeliness", says="An assessment needs one verdict"),
]
