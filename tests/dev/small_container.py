"""A small container folder, which builds fast."""

import json
from pathlib import Path

from modules.release.release import CONTAINER


def small_container(folder: Path) -> Path:
    """Make a container folder of two functions, with the project's own build script."""
    (folder / "src").mkdir(parents=True)
    (folder / "node_modules").symlink_to(CONTAINER / "node_modules")
    build = json.loads((CONTAINER / "package.json").read_text())["scripts"]["build"]
    (folder / "package.json").write_text(json.dumps({"scripts": {"build": build}}))
    (folder / "Dockerfile").write_text('CMD ["api.handler"]\n')
    (folder / "src" / "answer.ts").write_text('export const answer: string = "first";\n')
    for name in ("api", "administration"):
        (folder / "src" / f"{name}.ts").write_text(
            'import { answer } from "./answer.ts";\nexport const handler = async () => answer;\n'
        )
    return folder
