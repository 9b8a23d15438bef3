"""What curators need beside the check: skeletons, coverage of the record, differences of graphs."""
