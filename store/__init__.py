"""One database for all that lives: the register, and later insight, plans, people and the review queue."""
