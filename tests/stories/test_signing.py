"""A supporter signs and shares, from a friend's link to a link of their own, in each language."""

import re
from urllib.parse import parse_qs, urlsplit

from tests.support.in_any_language import in_any_language
from tests.support.stage import Stage

KOREAN = """
하나: /start friday-vigil
봇: (below) 탈북 난민을 구해 주세요 … 유엔 사무총장 … 2012년 2월 14일 Joseph Park 님이 시작
봇: 178,921명이 함께합니다 … 180,000명까지 1,079명 남았습니다 … 이름과 나라만 확인하면
봇: [✍️ 서명하기] … [📖 호소문 읽기] … [📰 소식] [📣 공유하기] … [🌐 English]

하나: [호소문 읽기]
봇: (in place) 이 청원이 중요한 이유 … 1 / 4 … [다음 ›]
하나: [다음]
봇: (in place) 2 / 4 … [‹ 이전] [다음 ›]
하나: [다음]
봇: (in place) 3 / 4
하나: [다음]
봇: (in place) 30명 … 4 / 4 … [✍️ 서명하기] … [‹ 이전] [🏠 처음으로]
하나: [‹ 이전]
봇: 3 / 4
하나: [다음]
하나: [서명하기]

봇: (in place) 이대로 서명 … 👤 하나 … 🇰🇷 대한민국 … 💬 이유 없음 … /privacy … [✍️ 서명하기] … [나중에]
하나: [✏️ 이름]
봇: (in place) 새 이름을 입력 … [그대로 두기 (하나)] … [나중에]
하나: =1+1
봇: (below) 새 이름을 입력
하나:   김  하나
봇: (below) 이대로 서명 … 👤 김 하나
하나: [✏️ 나라]
봇: (in place) 어느 나라 … [그대로 두기 (🇰🇷 대한민국)]
하나: 오스트레일리야
봇: (below) 🇦🇺 호주
하나: [✏️ 이유]
하나: 친구를 <b>구하고</b> 싶습니다.
봇: 코드처럼 보여요. … 왜 서명
하나: 친구를 구하고 싶습니다. “제발” <3 & 빨리
봇: 이대로 서명 … 👤 김 하나 … 🇦🇺 호주 … 💬 친구를 구하고 싶습니다. “제발” <3 & 빨리 … /privacy

하나: [나라]
하나: [대한민국]
봇: 이대로 서명 … 🇰🇷 대한민국
하나: [✏️ 이름]
봇: [‘하나’ 그대로 쓰기] … [그대로 두기 (김 하나)]
하나: 김하나
봇: 👤 김하나
하나: 네, 서명할게요
봇: [✍️ 서명하기]
하나: [서명하기]
봇: (above) 김하나 님, 고맙습니다. … 178,922
봇: (below) [🔔 소식 받기] … [괜찮
봇: (not) 이유
하나: [🔔 소식 받기]
봇: (in place) 소식을 한국어로 … 내 친구를 살려주세요.
봇: [텔레그램 친구에게 보내기] … [📋 복사해서 카톡에 붙이기] … [X] … [Facebook] … [소식을 영어로 받기
하나: [처음으로]
봇: 178,922명이 함께합니다 … 텔레그램 1명 … 178,922
봇: (not) [✍️ 서명하기]
하나: /sign
봇: 서명 번호 178,922 … [📣 청원 공유하기]
하나: /help
봇: /start … /sign … /read … /updates … /subscribe … /unsubscribe … /share … /language … /privacy … /help … /cancel
"""

ENGLISH = """
Sam: /start seoul_2026
Bot: (below) Save North Korean Refugees … Secretary-General … Joseph Park … February 14, 2012
Bot: 178,921 supporters … 1,079 more to reach 180,000 … Signing takes about a minute
Bot: [✍️ Sign the petition] … [📖 Read the appeal] … [📰 Updates] [📣 Share] … [🌐 한국어]

Sam: /read
Bot: (below) Why this petition matters … 1 / {pages} … [Next ›]
{reading}
Bot: (in place) already repatriated … {pages} / {pages} … [✍️ Sign the petition]
Bot: (in place) [On X](https://x.com/hashtag/SaveMyFriend) … [On Facebook](https://
Sam: [Sign the petition]

Bot: (in place) Ready to sign? … 👤 Sam Taylor … 🇨🇦 Canada … 💬 No reason given … not shown publicly … /privacy
Sam: [Country]
Bot: (in place) Which country do you live in? … [🇨🇦 Canada] … [Keep “🇨🇦 Canada”] … [Later]
Sam: Korea, Democratic People's Republic of
Bot: (below) North or South Korea? … [🇰🇷 South Korea] … [🇰🇵 North Korea]
Sam: Sourth Korea
Bot: (below) Ready to sign? … 👤 Sam Taylor … 🇰🇷 South Korea … 💬 No reason given … /privacy

Sam: [Reason]
Bot: Why are you signing?
Sam: No one should be sent back.
Bot: 💬 No one should be sent back.
Sam: [Country]
Bot: [Keep “🇰🇷 South Korea”]
Sam: [Canada]
Bot: 👤 Sam Taylor … 🇨🇦 Canada … 💬 No one should be sent back.
Sam: /privacy
Bot: Your privacy … [✍️ Continue signing]
Sam: [Continue signing]
Bot: (in place) Ready to sign? … 🇨🇦 Canada
Sam: [✍️ Sign]
Bot: (above) Thank you, Sam Taylor. … 178,922 … Save North Korean Refugees
Bot: (below) [🔔 Get updates] … [No, thanks]
Sam: [No, thanks]
Bot: (in place) 178,922 … #SaveMyFriend … [Share on Telegram] … [X] … [Facebook] … [📋 Copy message]
Sam: /sign
Bot: You signed on … 178,922
Sam: /start
Bot: 178,922 supporters … 1 here … You've signed · supporter no. 178,922
"""


async def test_hana_signs_and_shares_in_korean(stage: Stage) -> None:
    hana = await stage.tell(KOREAN)
    signature = stage.ledger.signature(hana.id)
    assert signature is not None
    assert (signature["name"], signature["country"], signature["language"]) == ("김하나", "KR", "ko")
    assert signature["reason"] == "친구를 구하고 싶습니다. “제발” <3 & 빨리"
    assert signature["source"] == "friday-vigil"
    assert stage.ledger.updates(hana.id) == "ko"
    stage.ledger.assert_consistent(signatures=1)


@in_any_language
async def test_sam_signs_and_shares_in_english(stage: Stage) -> None:
    pages = stage.count_pages(5)
    reading = [f"Sam: [Next]\nBot: (in place) {page} / {pages}" for page in range(2, pages + 1)]
    sam = await stage.tell(ENGLISH.format(pages=pages, reading="\n".join(reading)))
    signature = stage.ledger.signature(sam.id)
    assert signature is not None
    assert (signature["name"], signature["country"], signature["language"]) == ("Sam Taylor", "CA", stage.english_code)
    assert signature["reason"] == "No one should be sent back."
    assert signature["source"] == "seoul_2026"
    assert stage.ledger.updates(sam.id) is None
    stage.ledger.assert_consistent(signatures=1)


SHARING = """
{speaker}: /start
{speaker}: /sign
{speaker}: [✏️ {line}]
{speaker}: {name}
{speaker}: [{sign}]
{speaker}: /share
"""


@in_any_language
async def test_shared_link_names_nobody_as_source(stage: Stage) -> None:
    texts = {
        "하나": {"line": "이름", "name": "김하나", "sign": "✍️ 서명하기"},
        "Sam": {"line": "Name", "name": "Samuel", "sign": "✍️ Sign"},
    }
    codes = []
    for (speaker, words), friend in zip(texts.items(), ("유나", "Mallory"), strict=True):
        sharer = await stage.tell(SHARING.format(speaker=speaker, **words))
        links = {urlsplit(button["url"]).netloc: button["url"] for button in sharer.buttons if "url" in button}
        telegram, x, facebook = links["t.me"], links["x.com"], links["www.facebook.com"]
        link = parse_qs(urlsplit(telegram).query)["url"][0]
        ready = parse_qs(urlsplit(telegram).query)["text"][0]
        assert "#SaveMyFriend" in ready
        assert parse_qs(urlsplit(x).query) == {"text": [ready], "url": [link]}
        assert parse_qs(urlsplit(facebook).query) == {"u": [link], "quote": [ready], "hashtag": ["#SaveMyFriend"]}
        assert link in sharer.screen
        [copied] = [button["copy_text"]["text"] for button in sharer.buttons if "copy_text" in button]
        assert copied.endswith(link)

        bot, _, code = link.partition("?start=")
        assert bot == f"https://t.me/{stage.world.bot.username}"
        assert re.fullmatch("[A-Za-z0-9_-]{1,64}", code)
        for secret in (str(sharer.id), sharer.person.first_name, sharer.person.username or "", words["name"]):
            assert secret.lower() not in code.lower()
        await sharer.says("/share")
        assert link in sharer.screen, "the link stays the same"

        follower = stage.actor(friend)
        await follower.says(f"/start {code}")
        assert "178,92" in follower.screen
        await follower.says("/start another-source")
        assert stage.ledger.supporter(follower.id)["source"] == code
        codes.append(code)
    assert codes[0] != codes[1]
