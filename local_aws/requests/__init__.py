"""Answers HTTP requests for what was deployed."""
