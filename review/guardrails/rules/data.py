"""Aurora clusters, their instances, proxies and secrets."""
