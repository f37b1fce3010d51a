"""CloudFront and what runs at it: Lambda@Edge, WAF, certificates, origins."""
