"""Reviews plans: what changes, what is at risk, and a verdict."""
