"""Load and comparisons on one machine in one run: `make bench`. The figures are printed, never asserted."""
