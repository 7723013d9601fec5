"""The page on a member's phone, as a member uses it."""

from playwright.async_api import Page

from tests.web.words import Words


class PhonePage:
    """`say` gives what the page says for an English text, in its own language."""

    def __init__(self, page: Page, say: Words) -> None:
        self.page = page
        self.say = say
