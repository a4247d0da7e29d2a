"""Custom actions, one file per topic: each reads slots, calls one service of bot/, and answers with a response."""
