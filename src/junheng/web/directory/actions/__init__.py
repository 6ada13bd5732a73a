"""Everything that can be done to organisations, accounts and roles: one verb, one transaction, one audit row."""
