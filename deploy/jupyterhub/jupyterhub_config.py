"""vizapp in a JupyterHub, in both ways at once; take what you need.

1. In everybody's own server: install `vizapp[jupyter]` where the single-user servers run. The launcher then has a tile,
   and the page is at /user/NAME/vizapp/. Nothing is to be configured.
2. One for all, as a service of the Hub with the Hub's login, at /services/vizapp/.
"""

import json
import os
import secrets
import sys

c = get_config()  # noqa: F821

# 2. The service: the Hub starts it, hands it its secret, and sends people to it that are logged in.
HOST = os.environ.get("HUB_HOST", "127.0.0.1:8000")
PORT = int(os.environ.get("VIZAPP_PORT", "5006"))
SECRET = os.environ.get("VIZAPP_OAUTH_SECRET") or secrets.token_hex(32)
HUB = os.environ.get("HUB_URL", f"http://{HOST}")

c.JupyterHub.services = [
    {
        "name": "vizapp",
        "display": True,
        "url": f"http://127.0.0.1:{PORT}",
        "api_token": SECRET,
        "oauth_client_id": "service-vizapp",
        "oauth_redirect_uri": f"{HUB}/services/vizapp/",
        "oauth_no_confirm": True,
        "command": [
            sys.executable,
            *("-m", "vizapp", "serve", "--no-browser", "--port", str(PORT)),
            *("--prefix", "/services/vizapp", "--allow-websocket-origin", HOST),
            *("--oauth-provider", "generic", "--oauth-key", "service-vizapp"),
            *("--oauth-redirect-uri", f"{HUB}/services/vizapp/"),
            "--oauth-extra-params",
            json.dumps(
                {
                    "AUTHORIZE_URL": f"{HUB}/hub/api/oauth2/authorize",
                    "TOKEN_URL": f"{HUB}/hub/api/oauth2/token",
                    "USER_URL": f"{HUB}/hub/api/user",
                    "USER_KEY": "name",
                }
            ),
        ],
        "environment": {"VIZAPP_OAUTH_SECRET": SECRET},
    }
]
c.JupyterHub.load_roles = [{"name": "user", "scopes": ["self", "access:services!service=vizapp"]}]
