"""The pages, each a short description of its screen."""
