"""The dashboard `capacity`, for people who plan: is it full, what does it cost?"""
