#!/bin/sh
# Builds cdktf-cli's terminal library, which has binaries for Linux x86_64 and macOS arm64 only.
set -eu
. "$(dirname "$0")/quietly.sh"
library=@cdktf/node-pty-prebuilt-multiarch

if node -e "require('$library')" 2>/dev/null; then
    exit 0
fi
echo "Building cdktf-cli's terminal library for this platform (a few seconds) ..." >&2
folder=$(mktemp -d) # a path without spaces: the compiler's include path allows none
trap 'rm -rf "$folder"' EXIT
ln -s "$(node -p 'path.resolve(process.execPath, "../..")')" "$folder/node"
export npm_config_build_from_source=true npm_config_nodedir="$folder/node"
quietly npm rebuild --ignore-scripts=false "$library" || {
    echo "Error: cdktf-cli's terminal library could not be built (see above): install a C++ compiler" \
        "(Debian and Ubuntu: apt install g++ make; macOS: xcode-select --install) and run the same" \
        "command again." >&2
    exit 1
}
