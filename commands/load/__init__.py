"""`make load`: traffic on the platform in the embedded AWS, and whether anything was lost."""
