"""Uploads an image through the ECR API."""

from typing import TYPE_CHECKING

from commands.image.plain_image import Blob, PlainImage

if TYPE_CHECKING:
    from mypy_boto3_ecr import ECRClient


def upload_image(*, image: PlainImage, tag: str, repository_name: str, ecr: "ECRClient") -> None:
    """Upload those parts of an image that the repository lacks, then tag it.

    Args:
        image: The image.
        tag: The tag to give it.
        repository_name: The repository to upload to.
        ecr: A client of the registry.

    Raises:
        ClientError: The registry refused a part.
    """
    blobs = {blob.digest: blob for blob in (image.layer, image.config)}
    answer = ecr.batch_check_layer_availability(
        repositoryName=repository_name, layerDigests=list(blobs)
    )
    present = {layer.get("layerDigest") for layer in answer["layers"]}
    for digest, blob in blobs.items():
        if digest not in present:
            _upload_blob(blob=blob, repository_name=repository_name, ecr=ecr)
    ecr.put_image(
        repositoryName=repository_name,
        imageTag=tag,
        imageManifest=image.manifest.content.decode(),
        imageManifestMediaType=image.manifest.media_type,
        imageDigest=image.manifest.digest,
    )


def _upload_blob(*, blob: Blob, repository_name: str, ecr: "ECRClient") -> None:
    upload = ecr.initiate_layer_upload(repositoryName=repository_name)
    for first in range(0, len(blob.content), upload["partSize"]):
        part = blob.content[first : first + upload["partSize"]]
        ecr.upload_layer_part(
            repositoryName=repository_name,
            uploadId=upload["uploadId"],
            partFirstByte=first,
            partLastByte=first + len(part) - 1,
            layerPartBlob=part,
        )
    ecr.complete_layer_upload(
        repositoryName=repository_name, uploadId=upload["uploadId"], layerDigests=[blob.digest]
    )
