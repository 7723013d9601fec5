"""How a member has the phone woken, and what a real browser does with a message that wakes it."""

from typing import Any

import orjson
from playwright.async_api import CDPSession, Page, Worker, expect

from shared.domain.ids import new_id
from shared.domain.wake_up import MESSAGES
from shared.domain.words import WakeUp
from shared.store.connection import Connection
from tests.calls import make_token
from tests.push_service import Browser
from tests.web.browsers import until
from tests.web.desks import Desks
from tests.web.district import District

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
# Chromium forgets a notification if it is asked for all of them while it is showing that one: ask once it has been shown.
COUNT_SHOWN = """(() => {
    self.timesShown = 0;
    const { prototype } = ServiceWorkerRegistration;
    const show = prototype.showNotification;
    prototype.showNotification = async function (...given) {
        await show.apply(this, given);
        self.timesShown += 1;
    };
})()"""
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


MADE_WITH = "localStorage.getItem('test.subscription')"
# A test's browser reaches no push service of its maker: it is given a subscription that it keeps like its own.
GIVES_A_SUBSCRIPTION = """(() => {
    const { endpoint, p256dh, auth } = %s;
    const KEPT = "test.subscription";
    const kept = () => JSON.parse(localStorage.getItem(KEPT));
    const made = (key) => ({
        options: { applicationServerKey: new Uint8Array(key).buffer },
        toJSON: () => ({ endpoint, keys: { p256dh, auth } }),
        unsubscribe: async () => localStorage.removeItem(KEPT),
    });
    PushManager.prototype.getSubscription = async () => kept() && made(kept());
    PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
        localStorage.setItem(KEPT, JSON.stringify([...applicationServerKey]));
        return made(kept());
    };
})()"""


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
        await service._worker.evaluate(COUNT_SHOWN)
        return service

    @property
    def _worker(self) -> Worker:
        return self._page.context.service_workers[0]

    async def deliver(self, data: bytes) -> list[dict[str, Any]]:
        """What notifications are shown once this one is."""
        delivery = {
            "origin": self._origin,
            "registrationId": self._registrations[-1]["registrationId"],
            "data": data.decode(),
        }
        before = await self._worker.evaluate("timesShown")
        await self._cdp.send("ServiceWorker.deliverPushMessage", delivery)
        await until(self._worker, f"timesShown > {before}")
        shown: list[dict[str, Any]] = await self._page.evaluate(SHOWN)
        return shown


async def test_a_message_shows_one_notification_in_the_phones_language_and_tells_the_open_page(desks: Desks) -> None:
    phone = await desks.phone(language="zh")
    page = phone.page
    service = await PushServiceOfBrowser.of(page, phone.url)
    (shown,) = await service.deliver(MESSAGES[WakeUp.NEW_URGENT_TASK])
    assert shown["title"] == "有新的紧急任务"
    assert shown["silent"], "the page is in sight and sounds itself"
    await until(page, "heard.length > 0")
    assert await page.evaluate("heard") == [orjson.loads(MESSAGES[WakeUp.NEW_URGENT_TASK])]
    await page.evaluate(SAY_ENGLISH)
    (shown,) = await service.deliver(MESSAGES[WakeUp.NEW_URGENT_TASK])  # in the place of the first
    assert shown["title"] == "New urgent task"


async def test_whatever_a_message_says_the_phone_shows_no_more_than_that_there_is_something(desks: Desks) -> None:
    phone = await desks.phone(language="zh")
    service = await PushServiceOfBrowser.of(phone.page, phone.url)
    (shown,) = await service.deliver(b'{"what":"<b>Wang</b>","title":"Wang","url":"https://example.org/"}')
    assert (shown["title"], shown["body"]) == ("有新的紧急任务", "请打开上门查看。")


async def test_a_member_has_the_phone_woken_by_a_tap_and_it_stays_so_until_they_say_otherwise(
    district: District, desks: Desks, conn: Connection
) -> None:
    phone = await desks.phone()
    page, browser = phone.page, Browser(endpoint=f"https://fcm.googleapis.com/{new_id()}")
    await page.context.grant_permissions(["notifications"], origin=phone.url)
    await page.context.add_init_script(COUNT_SHOWN)
    await page.context.add_init_script(GIVES_A_SUBSCRIPTION % orjson.dumps(browser.body).decode())
    token = await make_token(conn, member_id=district.members[0].id)
    await page.context.add_cookies([{"name": "doorstep_session", "value": token, "url": phone.url}])
    subscribed = "SELECT count(*) = $2 FROM push_subscriptions WHERE endpoint = $1"

    async def open_settings() -> None:
        await page.reload()
        await page.get_by_role("button", name=phone.say("Me")).click()

    await open_settings()
    await phone.works_without_signal()  # the page waits some seconds for its service worker, not for ever
    wakes = page.get_by_role("switch", name=phone.say("Wake this phone for urgent tasks"))
    await wakes.click()
    await expect(wakes).to_have_attribute("aria-checked", "true")
    assert await conn.fetchval(subscribed, browser.endpoint, 1)
    await page.get_by_role("button", name=phone.say("Try it")).click()
    await until(page, "timesShown === 1")
    assert len(await page.evaluate(SHOWN)) == 1

    before = await page.evaluate(MADE_WITH)
    await conn.execute("DELETE FROM push_keys")
    await open_settings()
    await expect(wakes).to_have_attribute("aria-checked", "true")
    assert await page.evaluate(MADE_WITH) != before, "with the new key, by itself"
    assert await conn.fetchval(subscribed, browser.endpoint, 1)

    await wakes.click()
    await expect(wakes).to_have_attribute("aria-checked", "false")
    await district.until(subscribed, browser.endpoint, 0)
