"""Answers HTTP requests to deployed REST APIs, load balancers, distributions and user pools.

`routing` lists the paths of these services on this server. A request is handled by the deployed
resources. It is denied where AWS would deny it, and fails as on AWS if the function fails.

Settings that the embedded AWS lacks are answered with status 501. Some features have no effect:
WAF, resource policies of APIs, usage plans, caches, compression and X-Ray. Requests use HTTP,
which stands for HTTPS here.
"""
