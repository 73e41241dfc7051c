"""What networks do and why: evidence, paths, evaluation, training runs; no graphics."""
