"""One purchase: a list of steps that say whether they apply and whether they are done."""
