"""Customers: who the person in a conversation is, and how they proved it."""
