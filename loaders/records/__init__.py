"""Curated records: reading YAML with line numbers, their form, and their cross-checks."""
