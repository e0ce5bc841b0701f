"""Written papers as plain text: lines gathered into questions, with their headings, options and keys."""
