"""Values in a customer's text: pure functions from normalised text to typed spans."""
