"""What the page of each kind of entity shows: a few queries each, and how it is worded."""
