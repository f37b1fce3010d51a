"""The embedded AWS: moto in server mode, plus the few answers of AWS that moto lacks."""
