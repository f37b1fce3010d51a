"""Tests of the reviews of plans."""
