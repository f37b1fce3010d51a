"""Extensions of Cognito: user pools and their tokens."""
