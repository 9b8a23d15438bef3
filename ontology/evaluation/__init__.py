"""Evaluating duties against dated events.

The way through: :mod:`load` reads facts from the graph, :mod:`variants` lays out
what each live claim would make of an event, :mod:`obligations` judges every norm
limb for every bearer and matter, :mod:`disclosure` answers the headline question,
:mod:`explain` says each calculation in words, :mod:`write` states the findings.
Nothing here depends on how the graph was made.
"""
