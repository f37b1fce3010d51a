"""What types of resources hold, serve, expose and cost. The files here hold data only."""
