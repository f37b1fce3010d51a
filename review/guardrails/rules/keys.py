"""KMS keys and who may use them."""
