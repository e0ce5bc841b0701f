"""What anybody may import: database, errors, words, clock, ids, markup and files."""
