"""A recipe and a place in, a run out."""
