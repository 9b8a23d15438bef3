"""Curated records: facts only, no code. See README.md in this folder."""
