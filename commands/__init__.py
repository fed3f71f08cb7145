"""The commands of `larder`, a file a noun: each a few lines that call a room."""
