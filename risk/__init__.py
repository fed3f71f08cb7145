"""Risk of areas: the index from open indicators and the rate from a count over a population."""
