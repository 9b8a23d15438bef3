"""Query engines: SPARQL text in, a complete result or a typed error out.

* ``api``: what every engine offers;
* ``errors``: every way in which a query can end badly, with its HTTP status;
* ``embedded``: the default engine, worker processes over one store version;
* ``worker``, ``sandbox``, ``spool``, ``tokens``, ``diagnosis``: what runs
  inside a worker, and imports nothing but pyoxigraph.
"""
