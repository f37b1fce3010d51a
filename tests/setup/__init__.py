"""Tests of the set-up: what it accepts, what it refuses and what it then says."""
