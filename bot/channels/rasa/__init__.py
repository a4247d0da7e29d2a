"""The Rasa side of the wire: one turn of a conversation is taken as a whole or not at all."""
