"""`make load`: sends traffic to the platform in the embedded AWS, and finds what was lost."""
