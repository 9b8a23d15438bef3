"""Records to quads: one module for each family of records."""
