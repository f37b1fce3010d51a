"""The dashboard `health`, for people on call: is it up, is it slow?"""
