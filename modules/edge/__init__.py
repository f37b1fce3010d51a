"""What stands between a viewer and the API: CloudFront, its function and its firewall."""
