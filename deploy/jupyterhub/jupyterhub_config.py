"""vizapp in a JupyterHub, in both ways at once; take what you need.

1. In everybody's own server: install `vizapp[jupyter]` where the single-user servers run. The launcher then has a tile,
   and the page is at /user/NAME/vizapp/. Nothing is to be configured, and nothing of it is below.
2. One for all, at /services/vizapp/, with the Hub's login: install vizapp beside the Hub, and have the site's own
   configuration load this file: load_subconfig("/srv/vizapp/deploy/jupyterhub/jupyterhub_config.py").

What a site sets in the Hub's environment:

- HUB_HOSTS: names under which people reach the Hub, as "hub.example.org hub.example.org:8443".
- HUB_API_URL: only if the Hub does not listen where it does by default.
- VIZAPP_GROUP: only members of this group of the Hub's may come in. Without it everybody may who can log in to the Hub.
- VIZAPP_PORT: where the service listens, on this machine only.
"""

import base64
import json
import os
import secrets
import sys

c = get_config()  # noqa: F821

HOSTS = os.environ.get("HUB_HOSTS", "localhost:8000 127.0.0.1:8000").split()
API = os.environ.get("HUB_API_URL", "http://127.0.0.1:8081/hub/api")
GROUP = os.environ.get("VIZAPP_GROUP")
PORT = int(os.environ.get("VIZAPP_PORT", "5006"))
# The Hub starts the service and stops it, so that both know a new secret each time.
SECRET = secrets.token_hex(32)
PATH = "/services/vizapp"
MAY = ["access:services!service=vizapp"]

# People's browsers are sent to paths of the host that they came to; the service itself asks the Hub directly.
LOGIN = {
    "AUTHORIZE_URL": "/hub/api/oauth2/authorize",
    "TOKEN_URL": f"{API}/oauth2/token",
    "USER_URL": f"{API}/user",
    "USER_KEY": "name",
    "scope": " ".join(MAY),
}

c.JupyterHub.services.append(
    {
        "name": "vizapp",
        "url": f"http://127.0.0.1:{PORT}",
        "api_token": SECRET,
        "oauth_client_id": "service-vizapp",
        "oauth_redirect_uri": f"{PATH}/login",
        # It learns a name and may do nothing in anybody's stead, so nobody has to be asked.
        "oauth_no_confirm": True,
        "command": [
            *(sys.executable, "-P", "-m", "vizapp", "serve", "--no-browser"),
            *("--port", str(PORT), "--prefix", PATH),
            *(word for host in HOSTS for word in ("--allow-websocket-origin", host)),
            *("--oauth-provider", "generic", "--oauth-key", "service-vizapp"),
            *("--oauth-redirect-uri", f"{PATH}/login", "--oauth-extra-params", json.dumps(LOGIN)),
            *("--max-sessions", "100", "--idle-minutes", "30"),
        ],
        "environment": {
            "VIZAPP_OAUTH_SECRET": SECRET,
            # Should the service be restarted, people stay logged in.
            "VIZAPP_SECRET_KEY": secrets.token_hex(32),
            # The Hub's tokens in its cookies are for nobody else to read.
            "PANEL_OAUTH_ENCRYPTION": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        },
    }
)
c.JupyterHub.load_roles.append(
    {"name": "vizapp", "scopes": MAY, "groups": [GROUP]}
    if GROUP
    else {"name": "user", "scopes": ["self", *MAY]}
)
