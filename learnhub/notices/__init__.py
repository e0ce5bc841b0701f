"""Notices inside the product: who was told what, by whom, and who has read it."""
