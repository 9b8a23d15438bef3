"""The way out: query engine, SPARQL protocol, pages.

Kept free of imports on purpose: query workers start from this package and have
to be ready in a tenth of a second, without Flask.
"""
