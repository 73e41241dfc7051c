"""`python -m vizapp` is `vizapp`."""

from __future__ import annotations

import sys

from vizapp.cli import main

sys.exit(main())
