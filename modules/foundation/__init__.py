"""Foundation: what everything else stands on."""
