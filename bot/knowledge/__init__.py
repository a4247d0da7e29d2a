"""Questions about the wording: found in the numbered clauses of the products, quoted, never made up."""
