"""The catalogue: products, their wording, occupations and the insurer, all read from data/."""
