"""Who did what to whom, and what was brought in: traces that are never changed."""
