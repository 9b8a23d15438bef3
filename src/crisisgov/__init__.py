"""crisisgov: a knowledge graph of crisis governance events.

The five folders beside this file are links to the folders at the top of the
checkout, so that ``loaders/`` is :mod:`crisisgov.loaders` in every tool.
"""

__version__ = "0.1.0"
