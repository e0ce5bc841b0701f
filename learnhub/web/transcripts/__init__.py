"""Transcripts and score sheets as pages and files, and the public page that confirms them."""
