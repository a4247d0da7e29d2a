"""Bringing the assistant up: secrets, model, checks and the three processes."""
