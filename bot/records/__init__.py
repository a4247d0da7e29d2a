"""The tamper-evident record of each sale (可回溯): one hash chain per application."""
