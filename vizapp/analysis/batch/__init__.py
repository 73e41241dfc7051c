"""Long measurements: in parallel, to be interrupted and gone on with, their results as files."""
