"""The shapes that the database has had, and the steps between them."""
