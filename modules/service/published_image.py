"""The image of the API, which must be published before a deployment."""

from cdktf_cdktf_provider_aws.data_aws_ecr_image import DataAwsEcrImage
from constructs import Construct

from modules.foundation.image_repository import ImageRepository


class PublishedImage(Construct):
    """An image looked up by its tag and pinned by its digest.

    If the image is not published, the plan fails before anything that runs it is created. The
    construct's id is a part of Terraform's message.
    """

    def __init__(
        self, scope: Construct, id_: str, *, repository: ImageRepository, tag: str
    ) -> None:
        super().__init__(scope, id_)
        image = DataAwsEcrImage(self, "image", repository_name=repository.name, image_tag=tag)
        self.tag = tag
        self.uri = image.image_uri
