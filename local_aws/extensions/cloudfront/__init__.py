"""Extensions of CloudFront: distributions and what they refer to."""
