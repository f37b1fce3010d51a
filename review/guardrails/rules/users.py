"""Cognito user pools and their clients."""
