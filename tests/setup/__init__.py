"""Tests of set-up: what it accepts, what it refuses, and its error messages."""
