"""Filters for the room's templates."""
