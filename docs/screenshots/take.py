"""Takes the screenshots of the README from a fresh demo office: `make screenshots`. Needs a Chromium."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PORT = 8765
SHOWN = {"width": 1440, "height": 900}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        env = {
            **os.environ,
            "HINDSIGHT_DEMO": "1",
            "HINDSIGHT_ENV_FILE": "",
            "DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3",
        }
        for command in (["migrate", "--verbosity", "0"], ["seed_demo"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True)
        address = f"127.0.0.1:{PORT}"
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "crm.wsgi", "--bind", address, "--threads", "4", "--log-level", "error"],
            cwd=ROOT,
            env=env,
        )
        try:
            _wait_for(f"http://{address}/ready/")
            _take(f"http://{address}")
        finally:
            server.terminate()
            server.wait()


def _wait_for(url: str) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(url)
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The demo server does not answer.")


def _take(base: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = browser.new_context(base_url=base, viewport=SHOWN, color_scheme="light").new_page()
        page.goto("/accounts/login/")
        page.fill("input[name=login]", "bruna")
        page.fill("input[name=password]", "hindsight-demo")
        page.press("input[name=password]", "Enter")
        page.wait_for_selector(".card")
        _shoot(page, "board")
        page.goto("/search/?q=Dana+Ortiz")
        page.get_by_role("link", name="Dana Ortiz").first.click()
        page.wait_for_url("**/leads/*/")
        _shoot(page, "timeline")
        browser.close()


def _shoot(page: Page, name: str) -> None:
    page.screenshot(path=HERE / f"{name}.png")
    print(f"docs/screenshots/{name}.png")


if __name__ == "__main__":
    main()
