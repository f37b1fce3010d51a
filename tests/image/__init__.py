"""Tests of the API container, its tag and its publishing."""
