"""The dashboards: a folder for each dashboard, with a file for each question it answers."""
