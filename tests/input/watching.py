"""A real browser that watches for scripts that were meant to be text, and for whatever comes from elsewhere."""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request, Route

#: Runs in every page before anything else of it.
SENTINEL = """
window.fired = [];
window.fire = n => { window.fired.push(String(n)); };
for (const name of ['alert', 'confirm', 'prompt', 'print']) window[name] = () => { window.fired.push(name); };
window.breaches = [];
document.addEventListener('securitypolicyviolation', event => {
  window.breaches.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
});
"""
#: What ran, what the policy forbade, and elements that no page of ours has: made of text, or ready to run one.
LOOK = r"""
() => {
  const addresses = ['href', 'src', 'action', 'formaction', 'data', 'xlink:href'];
  const planted = [];
  for (const element of document.querySelectorAll('*')) for (const { name, value } of element.attributes) {
    const key = name.toLowerCase(), bare = value.replace(/[\x00-\x20]/g, '').toLowerCase();
    const runs = key.startsWith('on') || key.startsWith('hx-on') || key === 'srcdoc' || key === 'http-equiv';
    const leads = addresses.includes(key) && bare.startsWith('javascript:');
    if (key === 'data-x' || runs || leads || (key.startsWith('hx-') && /^(js|javascript):/.test(bare)))
      planted.push(`<${element.localName} ${name}="${value.slice(0, 60)}">`);
  }
  return { fired: window.fired ?? ['no sentinel'], breaches: window.breaches ?? [], planted };
}
"""
_TICK = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"


class Watch:
    """One person's window. ``trusting``: the browser is told to let everything through, so that only the pages
    themselves keep a script from running."""

    def __init__(
        self, browser: "Browser", home: str, cookies: Mapping[str, str], *, trusting: bool, **options: Any
    ) -> None:
        self.home = home
        self.elsewhere: list[str] = []
        self.heard: list[str] = []
        self._answers: dict[str, tuple[int, dict[str, str], str]] = {}
        self.context = browser.new_context(base_url=home, bypass_csp=trusting, **options)
        self.context.set_default_timeout(60_000)
        if cookies:
            self.context.add_cookies([{"name": n, "value": v, "url": home} for n, v in cookies.items()])
        self.context.add_init_script(SENTINEL)
        self.context.route(re.compile(".*"), self._route)
        self.page: Page = self.context.new_page()
        self.page.on("dialog", self._dialog)
        self.page.on("console", lambda message: self.heard.append(message.text) if "Policy" in message.text else None)

    def _route(self, route: "Route", request: "Request") -> None:
        parts = urlsplit(request.url)
        if f"{parts.scheme}://{parts.netloc}" != self.home and parts.scheme in ("http", "https", "ws", "wss", "ftp"):
            self.elsewhere.append(request.url)
            return route.abort()
        replay = self._answers.pop(request.url, None)
        if replay is None:
            return route.fallback()
        status, headers, body = replay
        return route.fulfill(status=status, headers=headers, body=body)

    def _dialog(self, dialog: Any) -> None:
        self.heard.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def look(self, address: str) -> list[str]:
        """Opens an address of ours; out: what is wrong with the page."""
        return self._look(lambda: self.page.goto(address))

    def replay(self, address: str, status: int, headers: dict[str, str], body: str) -> list[str]:
        """Shows an answer that was given elsewhere as if it came from this address."""
        said = {name: value for name, value in headers.items() if name not in ("Content-Length", "Content-Encoding")}
        self._answers[f"{self.home}{address}"] = (status, said, body)
        return self._look(lambda: self.page.goto(address))

    def _look(self, go: Callable[[], object]) -> list[str]:
        self.elsewhere.clear()
        self.heard.clear()
        try:
            go()
        except Exception as error:
            # A file to save is no page; nothing of it is shown.
            if "Download is starting" in str(error) or "ERR_ABORTED" in str(error):
                return []
            raise
        return self.judge()

    def judge(self) -> list[str]:
        """What is wrong with the page as it stands."""
        self.page.evaluate(_TICK)
        seen = self.page.evaluate(LOOK)
        wrong = [f"ran: {n}" for n in seen["fired"]] + [f"forbidden: {b}" for b in seen["breaches"]]
        wrong += [f"made of text: {p}" for p in seen["planted"]]
        wrong += [f"from elsewhere: {url}" for url in self.elsewhere] + [f"heard: {said}" for said in self.heard]
        return wrong

    def close(self) -> None:
        self.context.close()
