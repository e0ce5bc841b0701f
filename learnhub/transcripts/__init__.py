"""What a member completed, as one set of numbers, and its renderings."""
