"""Tests of the container image: its code, its tag and its publishing."""
