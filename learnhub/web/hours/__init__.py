"""Study hours: what counts this year, what is missing, and the evidence of every minute."""
