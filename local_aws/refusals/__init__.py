"""Requests that AWS refuses by what stands in them, and moto 5.2.5 accepts.

Each file has the refusals of one service. They read the same limits as the guardrails of `review`,
so what a guardrail finds in a configuration is refused here too.
"""
