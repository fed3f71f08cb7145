"""Plain routes and headers beside the app."""
