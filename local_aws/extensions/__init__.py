"""What AWS answers and moto does not, one module a service, as patches of moto's own classes."""


def apply() -> None:
    """Extend moto's classes; once, before the first request."""
