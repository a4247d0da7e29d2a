"""Parties: what a valid identity number, phone, address, card, age or beneficiary is. Pure rules, no store."""
