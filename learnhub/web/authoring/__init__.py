"""Courses at the desk: writing them, bringing in packages, and what was brought in before."""
