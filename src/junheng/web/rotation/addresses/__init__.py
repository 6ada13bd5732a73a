"""Addresses below a year, one module a part, each with its ``urlpatterns``."""
