"""Underwriting: from health answers and findings to a conclusion, by the rules of data/conditions.yml."""
