"""What is deployed: settings, constructs and stacks.

Importing this package makes the provider bindings load fast, before anything imports CDKTF.
"""

from modules.bindings import activate

activate()
