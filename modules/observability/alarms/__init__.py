"""The alarms: `platform_alarms.py` defines each one; the other files build them on AWS."""
