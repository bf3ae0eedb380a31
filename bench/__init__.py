"""Växel's bench: a load generator, the baselines and four scenarios; `python -m bench` runs it."""
