"""Benchmarks: run by ``packaging/bench``; they compare with virt-manager or the plain tool in the same run and print ratios."""
