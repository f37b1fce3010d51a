"""What several commands need: errors and tables, Terraform, AWS clients, addresses."""
