"""Decides which requests reach the embedded AWS; the server puts it in front of everything else.

A process of another user, or a web page that the user of this machine opens, can reach every port
of this machine. `guard` lists the checks that both fail.
"""
