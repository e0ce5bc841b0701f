"""What is taught: courses of modules and lessons, their files, and packages to read them from."""
