"""A gateway of a few hundred lines that plays a scripted purchase, for testing the pages without Rasa."""
