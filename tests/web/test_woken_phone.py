"""What the service worker of a real browser does with a message that wakes the phone."""

from typing import Any

import orjson
from playwright.async_api import CDPSession, Page

from shared.domain.wake_up import MESSAGE
from tests.e2e.system import System
from tests.web.desks import Desks

REGISTER = """async () => {
    await navigator.serviceWorker.register("/phone/sw.js", { scope: "/phone" });
    await navigator.serviceWorker.ready;
    window.heard = [];
    navigator.serviceWorker.addEventListener("message", (event) => window.heard.push(event.data));
}"""
SHOWN = """async () => {
    const registration = await navigator.serviceWorker.getRegistration("/phone");
    const shown = await registration.getNotifications();
    return shown.map(({ title, body, silent, lang }) => ({ title, body, silent, lang }));
}"""
SAY_ENGLISH = """() => new Promise((resolve, reject) => {
    const opening = indexedDB.open("doorstep-wake-up", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("choices");
    opening.onerror = reject;
    opening.onsuccess = () => {
        const kept = opening.result.transaction("choices", "readwrite");
        kept.objectStore("choices").put({ language: "en", sound: true, vibration: true, wantedBy: [] }, "choices");
        kept.oncomplete = () => { opening.result.close(); resolve(); };
    };
})"""


class PushServiceOfBrowser:
    """Delivers messages to a page's service worker, as the browser's maker would."""

    def __init__(self, page: Page, origin: str, cdp: CDPSession) -> None:
        self._page = page
        self._origin = origin
        self._cdp = cdp
        self._registrations: list[dict[str, Any]] = []
        cdp.on(
            "ServiceWorker.workerRegistrationUpdated", lambda told: self._registrations.extend(told["registrations"])
        )

    @classmethod
    async def of(cls, page: Page, origin: str) -> "PushServiceOfBrowser":
        await page.context.grant_permissions(["notifications"], origin=origin)
        service = cls(page, origin, await page.context.new_cdp_session(page))
        await service._cdp.send("ServiceWorker.enable")
        await page.evaluate(REGISTER)
        return service

    async def deliver(self, data: bytes, *, lang: str) -> list[dict[str, Any]]:
        """What notifications are shown once there is one in that language."""
        delivery = {
            "origin": self._origin,
            "registrationId": self._registrations[-1]["registrationId"],
            "data": data.decode(),
        }
        before = await self._page.evaluate("window.heard.length")
        await self._cdp.send("ServiceWorker.deliverPushMessage", delivery)
        await self._page.wait_for_function("before => window.heard.length > before", arg=before)
        await self._page.wait_for_function(
            f"async lang => (await ({SHOWN})()).some(each => each.lang === lang)", arg=lang
        )
        shown: list[dict[str, Any]] = await self._page.evaluate(SHOWN)
        return shown


async def test_a_message_shows_one_notification_in_the_phones_language_and_tells_the_open_page(
    system: System, desks: Desks
) -> None:
    page = (await desks.phone(language="zh")).page
    service = await PushServiceOfBrowser.of(page, system.url)
    (shown,) = await service.deliver(MESSAGE, lang="zh-CN")
    assert shown["title"] == "有新的紧急任务"
    assert shown["silent"], "the page is in sight and sounds itself"
    assert await page.evaluate("window.heard") == [orjson.loads(MESSAGE)]
    await page.evaluate(SAY_ENGLISH)
    (shown,) = await service.deliver(MESSAGE, lang="en")  # in the place of the first
    assert shown["title"] == "New urgent task"


async def test_whatever_a_message_says_the_phone_shows_no_more_than_that_there_is_something(
    system: System, desks: Desks
) -> None:
    page = (await desks.phone(language="zh")).page
    service = await PushServiceOfBrowser.of(page, system.url)
    (shown,) = await service.deliver(
        b'{"what":"<b>Wang</b>","title":"Wang","url":"https://example.org/"}', lang="zh-CN"
    )
    assert (shown["title"], shown["body"]) == ("有新的紧急任务", "请打开上门查看。")
