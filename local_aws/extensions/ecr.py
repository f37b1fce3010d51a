"""ECR; gaps of moto 5.2.5.

- The digest of an image is not the digest of its manifest.
- The content of uploaded layers is dropped, although Lambda needs it.
"""

import hashlib
from typing import Any

from moto.ecr.models import ECRBackend, Image

from local_aws.graft import graft

_init = ECRBackend.__init__
_complete_layer_upload = ECRBackend.complete_layer_upload


@graft
class _Image(Image):
    def get_image_digest(self) -> str:
        return f"sha256:{hashlib.sha256(self.image_manifest.encode()).hexdigest()}"


@graft
class Registry(ECRBackend):
    """The image registry of an account and region."""

    def __init__(self, region_name: str, account_id: str) -> None:
        _init(self, region_name, account_id)
        self.blobs: dict[str, bytes] = {}
        """The layers and configurations of images, by digest."""

    def complete_layer_upload(
        self,
        repository_name: str,
        upload_id: str,
        layer_digests: list[str],
        registry_id: str | None = None,
    ) -> dict[str, Any]:
        """Complete an upload and keep its content."""
        repository = self.repositories.get(repository_name)
        upload = repository and repository.uploads.get(upload_id)
        answer = _complete_layer_upload(
            self, repository_name, upload_id, layer_digests, registry_id
        )
        if upload:
            self.blobs[answer["layerDigest"]] = bytes(upload.layer_parts)
        return answer
