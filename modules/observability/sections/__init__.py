"""What the dashboards show, a file for each question they answer."""
