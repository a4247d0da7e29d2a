"""Quotes: the premium of a product for given answers, and the quotes that were given."""
