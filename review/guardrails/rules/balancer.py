"""Load balancers, their listeners and target groups."""
