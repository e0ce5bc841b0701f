"""The places that name a person, each cleaned in its own way when the person's data are erased."""
