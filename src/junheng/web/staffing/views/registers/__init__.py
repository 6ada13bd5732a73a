"""Registers of the personnel office: lists of people, and what is entered about them."""
