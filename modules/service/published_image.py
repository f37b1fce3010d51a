"""The image that somebody has published."""

from cdktf_cdktf_provider_aws.data_aws_ecr_image import DataAwsEcrImage
from constructs import Construct

from modules.foundation.image_repository import ImageRepository


class PublishedImage(Construct):
    """An image looked up by its tag and pinned by its digest.

    A plan fails, before anything that runs the image is created, when nobody has published it; the
    construct's id is part of Terraform's message then.
    """

    def __init__(
        self, scope: Construct, id_: str, *, repository: ImageRepository, tag: str
    ) -> None:
        super().__init__(scope, id_)
        image = DataAwsEcrImage(self, "image", repository_name=repository.name, image_tag=tag)
        self.tag = tag
        self.uri = image.image_uri
