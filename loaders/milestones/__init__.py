"""First cases, first acts and peaks of each government in each crisis, derived from events.

The quads pass by as text on their way into a version (:mod:`.reading`); what is kept of an
event is its dates and whose it is. Of each crisis, place and kind only the earliest bounds
remain (:mod:`.earliest`), and what was found is stated at the end with its evidence
(:mod:`.statements`). Events whose date is suspect never take part.
"""
