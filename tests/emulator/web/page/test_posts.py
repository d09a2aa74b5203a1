"""The real bot behind the page: 유나 links a channel and a group, posts there, corrects the post, and deletes it."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Locator

from tests.emulator.web.page.rehearsal import Rehearsal, expect
from tests.support.bot_process import BotProcess

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


class Organizer:
    """유나 at her phone."""

    def __init__(self, rehearsal: Rehearsal, phone: Locator) -> None:
        self.rehearsal = rehearsal
        self.page = rehearsal.page
        self.phone = phone

    async def says(self, text: str) -> None:
        await self.phone.locator("[contenteditable]").first.click()
        await self.page.keyboard.type(text)
        await self.page.keyboard.press("Enter")

    async def taps(self, label: str | re.Pattern[str]) -> None:
        await self.phone.locator(".message").get_by_role("button", name=label).last.click()

    async def reads(self, text: str | re.Pattern[str]) -> None:
        await expect(self.phone.locator(".message").filter(has_text=text).last).to_be_visible()

    async def links(self, kind: str, title: str) -> None:
        await self.says("/channels")
        await self.reads("채널과 그룹")
        await self.taps(re.compile("연결하기"))
        await self.phone.locator(".keys").get_by_role("button", name=re.compile(f"{kind} 고르기")).click()
        await self.page.get_by_label(f"새 {kind} 만들기").fill(title)
        await self.page.get_by_role("button", name="만들어서 고르기").click()
        await self.reads(re.compile(f"{title}.*연결"))

    def find_place(self, title: str) -> Locator:
        return self.page.locator(f"nav [data-person^='-'][aria-label^='{title}']")

    async def opens(self, title: str) -> Locator:
        """Open a place instead of her chat, and return it."""
        chat_id = await self.find_place(title).get_attribute("data-person")
        await self.find_place(title).click()
        return self.page.locator(f".phone[data-person='{chat_id}']")

    async def returns(self) -> None:
        await self.rehearsal.become(self.rehearsal.yuna)


async def test_post_is_corrected_and_deleted_in_a_channel_and_a_group(rehearsal: Rehearsal, tmp_path: Path) -> None:
    settings = {"ORGANIZERS": str(rehearsal.yuna), "QUIET_HOURS": "false"}
    async with BotProcess(rehearsal.emulator, tmp_path, **settings):
        phone = await rehearsal.become(rehearsal.yuna)
        await phone.locator(".big").click()
        yuna = Organizer(rehearsal, phone)
        await yuna.reads("탈북 난민")
        await yuna.links("채널", "광장")
        await yuna.links("그룹", "동네")
        await yuna.says("/broadcast")
        await yuna.reads("새 소식")
        await yuna.says("친구가 풀려났습니다.")
        await yuna.taps("영어 글은 쓰지 않기")
        await yuna.taps(re.compile("모두"))
        await yuna.taps(re.compile("채널과 그룹: 없음"))
        await yuna.reads("채널과 그룹에도 올릴까요?")
        for title in ("광장", "동네"):
            await yuna.taps(re.compile(title))
            await expect(phone.get_by_role("button", name=re.compile(f"✓ {title}"))).to_be_visible()
        await yuna.taps(re.compile("뒤로"))
        await yuna.taps(re.compile("보내기 …|올리기 …"))
        await yuna.taps(re.compile("✅ 네"))
        await yuna.reads("발송을 마쳤습니다")
        for title in ("광장", "동네"):
            place = await yuna.opens(title)
            await expect(place.get_by_text("친구가 풀려났습니다.")).to_be_visible()
            await expect(place.get_by_role("button", name=re.compile("서명하기"))).to_be_visible()
            await yuna.returns()
        await yuna.taps(re.compile("고치기 …"))
        await yuna.reads("고친 글")
        await yuna.says("친구가 드디어 풀려났습니다.")
        await yuna.taps(re.compile("모든 채팅방에서 고치기"))
        await yuna.taps(re.compile("✅ 네"))
        await yuna.reads("고치기를 마쳤습니다")
        for title in ("광장", "동네"):
            place = await yuna.opens(title)
            await expect(place.get_by_text("친구가 드디어 풀려났습니다.")).to_be_visible()
            await expect(place.get_by_text("친구가 풀려났습니다.")).to_have_count(0)
            await yuna.returns()
        await yuna.says("/broadcasts")
        await yuna.taps(re.compile("✅"))
        await yuna.taps(re.compile("삭제 …"))
        await yuna.taps(re.compile("🗑 네"))
        await yuna.reads("모두에게서 삭제했습니다")
        for title in ("광장", "동네"):
            place = await yuna.opens(title)
            await expect(place.get_by_text("풀려났습니다")).to_have_count(0)
            await yuna.returns()
