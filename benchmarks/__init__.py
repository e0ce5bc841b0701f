"""One module for each figure: `python -m benchmarks.NAME --json`. They print ratios and never assert times."""
