"""What `make` runs: one module or package for each command; `shared` holds what several need."""
