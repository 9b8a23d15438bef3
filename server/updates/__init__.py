"""Writing over HTTP: off by default, into graphs of contributions only.

A write runs in two processes of its own. ``apply`` runs the untrusted text on a
working copy in memory, under the bounds of a query worker. ``curated`` (for a
real graph) holds the build lock meanwhile, validates and evaluates the result
as a build does, writes it to the journal and publishes a new version.
``scratch`` does the same for a throw-away graph, without any of these checks.
The web process only waits: :mod:`crisisgov.server.updates.gate`.
"""
