"""Publishes the API's image to a container registry in ECR."""

from commands.registry.publish import Published, publish_image, published_digest

__all__ = ["Published", "publish_image", "published_digest"]
