"""Reviews Terraform JSON before AWS sees it. It needs neither AWS nor the rest of this project."""
