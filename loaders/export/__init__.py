"""Tables of events, findings and milestones for pandas, polars and R: Parquet and CSV.

:mod:`.columns` says what each column is; the files and the data dictionary follow from it.
"""
