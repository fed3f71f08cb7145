"""Where need and assets meet."""
