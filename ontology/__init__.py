"""What things mean and what follows from them.

``crisisgov.ttl`` (OWL 2 DL and RL), ``alignments.ttl``, ``shapes.ttl``, and the
code that bounds dates, reasons, evaluates duties and validates.
"""
