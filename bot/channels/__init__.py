"""The ways in: web pages, WeChat, and the wire to Rasa. Channels know conversations and nothing of insurance."""
