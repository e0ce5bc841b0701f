"""Courses for members: the catalogue, a course with one's progress, a lesson and its files."""
