"""Extensions of EC2: what a VPC consists of."""
