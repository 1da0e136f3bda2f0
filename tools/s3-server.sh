#!/usr/bin/env bash
# A real server that speaks S3, for tests/connect/s3-server.test.ts: moto, in a Python environment of its own under tests/.venv.
set -euo pipefail
cd "$(dirname "$0")/.."

[ -x tests/.venv/bin/moto_server ] && exit 0
python3 -m venv tests/.venv
tests/.venv/bin/pip install --quiet --disable-pip-version-check 'moto[server]==5.2.5'
