"""Conversations: the message log, the inbox that feeds the assistant, and who owns a conversation."""
