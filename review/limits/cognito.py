"""Cognito user pools.

Source: Amazon Cognito user pools API reference.
"""

PASSWORD_LENGTH = (6, 99)
"""The minimum length that a password policy may demand (PasswordPolicyType)."""

RESERVED_DOMAIN_WORDS = ("aws", "amazon", "cognito")
"""Words that a domain prefix may not contain (Cognito Developer Guide, Configuring a user pool
domain)."""

BUILT_IN_SCOPES = ("aws.cognito.signin.user.admin", "email", "openid", "phone", "profile")
