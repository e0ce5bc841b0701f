"""Quizzes in the browser: for who takes them and for who sets them."""
