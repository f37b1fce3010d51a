"""What goes wrong with a database, said to the user."""


class DatabaseError(Exception):
    """PostgreSQL cannot do what was asked; the message is for the user."""
