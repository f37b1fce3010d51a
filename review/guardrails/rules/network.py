"""VPCs, subnets, routes, endpoints and security groups."""
