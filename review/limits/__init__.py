"""What AWS accepts: limits and enumerations, for rules, settings and the embedded AWS.

The files here hold data and import nothing.
"""
