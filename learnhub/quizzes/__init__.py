"""Quizzes as they are taken: papers, attempts, answers and marks."""
