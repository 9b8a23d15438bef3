"""Open data sets on their way in: rows to events, one small module for each data set.

A module reads the files of its set row by row and hands :class:`~.emit.Emitter` plain
values; N-Quads text leaves at once, so that memory does not grow with the input beyond
sets of short keys. Every row ends as exactly one of: record (it documents an event),
duplicate (of a row that was read before), rejected (with the reason).
"""
