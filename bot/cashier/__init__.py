"""Orders and payments: from the confirmed application to the paid premium."""
