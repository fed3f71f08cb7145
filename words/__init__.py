"""Sentences, labels, categories, palette and patterns: data and pure functions that every room may use."""
