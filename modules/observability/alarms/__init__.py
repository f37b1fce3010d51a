"""Alarms: the rules they follow, the constructs they become and the topics they tell."""
