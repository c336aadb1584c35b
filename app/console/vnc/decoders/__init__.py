"""One file per encoding; ``registry`` says which are offered and in what order."""
