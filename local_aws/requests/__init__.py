"""Answers HTTP requests for what was deployed, by following what was deployed.

Each service's requests have an address of this server: `routing` has them. A request is denied
where AWS would deny it, and answered as AWS would where the function fails.

What else AWS would do is answered with status 501, or it is not emulated: WAF, resource policies of
APIs, usage plans, caches, compression, X-Ray, and TLS: addresses are HTTP and stand for HTTPS.
"""
