"""Pages of links: pairs of schools, zones and groups, partners outside the county, pairs of teachers."""
