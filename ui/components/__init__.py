"""Parts of the screen, each a function that draws one of them."""
