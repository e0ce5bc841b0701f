"""The page of the boards."""
