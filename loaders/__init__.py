"""The way in: curated records and data sets to quads, the build, the version store."""
