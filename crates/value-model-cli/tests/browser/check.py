"""Opens reports in Chromium as people do: on a desk, on a phone, in the dark, printed, by keyboard, by screen reader.

Usage: check.py PROGRAM FOLDER. Pages, screenshots and prints stay in FOLDER to be looked at.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from pages import HOSTILE, example, made
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]
DESK, PHONE = {"width": 1200, "height": 900}, {"width": 360, "height": 740}
OPEN = "document.querySelectorAll('details').forEach(panel => { panel.open = true })"


@contextmanager
def opened(browser: Browser, path: Path, size: dict[str, int], scheme: str = "light") -> Iterator[Page]:
    """The page, silent and alone: it may neither log nor ask for anything."""
    context = browser.new_context(viewport=size, color_scheme=scheme)
    page = context.new_page()
    noise: list[str] = []
    page.on("console", lambda message: noise.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: noise.append(f"error: {error}"))
    page.on("dialog", lambda dialog: noise.append(f"dialog: {dialog.message}"))
    page.on("request", lambda request: noise.append(f"request: {request.url}"))
    page.goto(path.as_uri())
    yield page
    assert noise == [f"request: {path.as_uri()}"], noise
    context.close()


def no_sideways_scroll(page: Page, name: str) -> None:
    width, room = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width <= room, f"{name} is {width} wide, the window {room}"


def accessible(page: Page, name: str) -> None:
    found = Axe().run(page).response["violations"]
    told = [f"{each['id']}: {each['help']}: {each['nodes'][0]['html'][:200]}" for each in found]
    assert not told, f"{name}: " + "\n".join(told)


def labels_are_inside(page: Page, name: str) -> None:
    outside = page.evaluate("""() => [...document.querySelectorAll('svg.chart')].filter(chart => chart.checkVisibility())
        .flatMap(chart => [...chart.querySelectorAll('text')].filter(text => {
            const box = chart.getBoundingClientRect(), at = text.getBoundingClientRect();
            return at.left < box.left - 1 || at.right > box.right + 1 || at.top < box.top - 1 || at.bottom > box.bottom + 1;
        }).map(text => text.textContent))""")
    assert not outside, f"{name}: labels are cut off: {outside}"


def seen(browser: Browser, path: Path, folder: Path) -> None:
    """Every size and scheme, with every panel open."""
    for name, size, scheme in [("wide", DESK, "light"), ("phone", PHONE, "light"), ("dark", DESK, "dark"),
                               ("dark-phone", PHONE, "dark")]:
        with opened(browser, path, size, scheme) as page:
            called = f"{path.stem} {name}"
            labels_are_inside(page, called)
            page.evaluate(OPEN)
            no_sideways_scroll(page, called)
            accessible(page, called)
            dark = page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
            assert dark == (scheme == "dark"), f"{called}: the colours do not follow the scheme"
            charts = page.get_by_role("img").all()
            assert charts, f"{called}: no chart is told to a screen reader"
            assert all(len(chart.get_attribute("aria-label") or "") > 40 for chart in charts), "charts say what they show"
            page.screenshot(path=folder / f"{path.stem}-{name}.png", full_page=True)


def printed(browser: Browser, path: Path, folder: Path) -> None:
    """On paper: light, without navigation, with every panel open although it is closed on the screen."""
    with opened(browser, path, DESK, "dark") as page:
        page.emulate_media(media="print")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert not page.get_by_role("navigation").is_visible()
        closed = page.evaluate("[...document.querySelectorAll('.panel .inside')].filter(e => e.offsetHeight < 50).length")
        assert closed == 0, f"{closed} panels are not printed"
        page.emulate_media(media="screen")
        print_ = page.pdf(path=folder / f"{path.stem}.pdf", prefer_css_page_size=True, print_background=True)
        assert print_.startswith(b"%PDF")


def by_keyboard(browser: Browser, path: Path) -> None:
    with opened(browser, path, DESK) as page:
        focused = "document.activeElement"
        page.keyboard.press("Tab")
        assert page.evaluate(f"{focused}.textContent") == "Skip to the report"
        page.keyboard.press("Enter")
        assert page.evaluate(f"{focused}.id") == "main"
        places = []
        for _ in range(400):
            page.keyboard.press("Tab")
            if page.evaluate(f"{focused} === document.body"):
                break
            places.append(page.evaluate(f"{focused}.getBoundingClientRect().top + scrollY"))
            if page.evaluate(f"{focused}.matches('.panel > summary')"):
                page.keyboard.press("Enter")
                assert page.evaluate(f"{focused}.parentElement.open"), "Enter opens a panel"
                outline = page.evaluate(f"getComputedStyle({focused}).outlineStyle")
                assert outline != "none", "what has the focus is shown"
                break
        else:
            raise AssertionError("no panel is reached by keyboard")
        assert places == sorted(places), "the focus goes down the page"


def links_open_panels(browser: Browser, path: Path) -> None:
    with opened(browser, path, DESK) as page:
        link = page.locator("#movers a").first
        target = link.get_attribute("href") or ""
        link.click()
        assert page.evaluate(f"document.querySelector('{target}').closest('details').open"), "a link opens its panel"


def told(browser: Browser, path: Path) -> None:
    """What a screen reader finds: landmarks, one main heading, tables with captions and headers."""
    with opened(browser, path, DESK) as page:
        for landmark in ["banner", "navigation", "main", "contentinfo"]:
            assert page.get_by_role(landmark).count() == 1, landmark
        assert page.get_by_role("heading", level=1).count() == 1
        page.evaluate(OPEN)
        bare = page.evaluate("""[...document.querySelectorAll('table')].filter(table => !table.caption ||
            !table.querySelector('thead th[scope=col]') || !table.querySelector('tbody th[scope=row]')).length""")
        assert bare == 0, f"{bare} tables have no caption or no headers"


def text_stays_text(browser: Browser, path: Path) -> None:
    with opened(browser, path, DESK) as page:
        assert page.title().startswith("<b>Bold</b>"), page.title()
        strange = page.evaluate("document.querySelectorAll('script, img, iframe, b > script, [onload], [onerror]').length")
        assert strange == 0
        shown = page.locator("main").inner_text()
        for name in HOSTILE[:3]:
            assert name in shown, name


def main(program: str, place: str) -> None:
    chromium = shutil.which("chromium")
    assert chromium, "chromium is not installed"
    folder = Path(place).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    pages = [
        example(program, folder),
        made(program, folder, "hostile", HOSTILE),
        made(program, folder, "many", [f"account {number}" for number in range(10_000)]),
    ]
    for path in pages:
        size = path.stat().st_size
        print(f"{path.name}: {size} bytes")
        assert size < 5_000_000, f"{path} has {size} bytes"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for path in pages:
            seen(browser, path, folder)
            printed(browser, path, folder)
            told(browser, path)
            by_keyboard(browser, path)
            links_open_panels(browser, path)
        text_stays_text(browser, pages[1])
        browser.close()
    print(f"{len(pages)} pages: silent, alone, accessible; screenshots are in {folder}")


if __name__ == "__main__":
    main(*sys.argv[1:])
