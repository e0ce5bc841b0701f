"""Help inside the product: the manual, its search, the right section for every page, a tour for each role."""
