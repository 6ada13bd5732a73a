"""Posts and people of a county: table, plans, parameters, subjects, structure, outlook (area 6)."""
