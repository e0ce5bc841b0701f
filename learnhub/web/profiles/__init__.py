"""Details of members: own ones, those a secretary keeps, changes that wait, and which fields there are."""
