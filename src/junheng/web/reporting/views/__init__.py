"""Pages that add up."""
