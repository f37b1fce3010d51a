"""ECR; gap of moto 5.2.5: the digest of an image is not that of its manifest."""

import hashlib

from moto.ecr.models import Image

from local_aws.extensions.graft import graft


@graft
class _Image(Image):
    def get_image_digest(self) -> str:
        return f"sha256:{hashlib.sha256(self.image_manifest.encode()).hexdigest()}"
