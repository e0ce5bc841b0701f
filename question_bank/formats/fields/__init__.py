"""The fields of one question, from whatever file, and what they say: answers, options, marks, kinds."""
