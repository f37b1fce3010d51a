"""`make image`: builds and publishes the API's image, unless its tag exists."""

from commands.image.publish import Published, publish_image, published_digest

__all__ = ["Published", "publish_image", "published_digest"]
