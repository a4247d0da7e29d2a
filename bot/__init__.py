"""Heyu (禾屿): the insurer's gateway, its business rules and the parts plugged into Rasa."""
