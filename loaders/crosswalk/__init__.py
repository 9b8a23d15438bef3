"""From the categories of data sets to the five responsibilities, as statements with reasons.

The table :file:`crosswalk.csv` is this project's; a file of the user's in the same form takes
its place. Each category of the graph gets one ``cg:CategoryMapping``, which says what it is
mapped to, how sure that is and why, or why it is left unassigned.
"""
