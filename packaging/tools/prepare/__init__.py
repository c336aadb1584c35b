"""Set-up, run and test commands of a checkout: the standard library alone, because it runs before anything is installed."""
