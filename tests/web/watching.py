"""Who watches every page of a test: errors, refused content, dialogs, requests to a foreign host."""

from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, ConsoleMessage, Dialog, Request, WebError

_OWN_SCHEMES = ("data", "blob")
# The browser notes every answer of 400 and more and every request without signal; only what the server got wrong is one of ours.
_NOTES = ("Failed to load resource: net::", "Failed to load resource: the server responded with a status of 4")


class Watch:
    """Collects what must not happen."""

    def __init__(self) -> None:
        self.complaints: list[str] = []

    def look_at(self, context: BrowserContext, host: str) -> None:
        """Watch every page and worker of the context, from now on. `host` is where its pages come from, `127.0.0.1:8080`."""
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        context.on("request", lambda request: self._on_request(request, host))
        context.on("dialog", self._on_dialog)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(_NOTES):
            self.complaints.append(f"console {message.type}: {message.text} ({message.location.get('url')})")

    def _on_error(self, error: WebError) -> None:
        self.complaints.append(f"uncaught: {error.error}")

    def _on_request(self, request: Request, host: str) -> None:
        address = urlsplit(request.url)
        if address.scheme not in _OWN_SCHEMES and address.netloc != host:
            self.complaints.append(f"asked a foreign host: {request.url}")

    async def _on_dialog(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        await dialog.dismiss()
