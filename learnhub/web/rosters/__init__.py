"""Pages on which a roster is brought in: chosen, looked at, mended, accepted, taken back."""
