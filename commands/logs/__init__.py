"""`make logs`: follows the logs of the function, of the API and of the database."""
