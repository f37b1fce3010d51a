"""What AWS answers and moto does not, as extensions of moto's own classes.

A service has one file, named as moto names it. A service with more than one has a folder of that
name, with a file for each kind of resource. Each file lists the gaps of moto that it closes and the
moto version that has them; delete the file once moto closes them itself.

Importing a file extends moto for the whole process.
"""

from local_aws.graft import import_all


def apply() -> None:
    """Extend moto's classes; call it once, before the first request."""
    import_all(__name__)
