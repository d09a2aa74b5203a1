"""Every screen of the team: members, invitations, approval and the audit log."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

from markupsafe import Markup

from chatbot.conversation.audit import TOLD
from chatbot.i18n import Translator
from chatbot.petition.audit_entry import AuditEntry
from chatbot.petition.broadcasts.approval import Approval
from chatbot.petition.broadcasts.broadcast import Audience, Broadcast
from chatbot.petition.broadcasts.estimate import Estimate
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.petition.team import Invitation, Member, Role
from chatbot.screens.organizer import desk, menu, notices
from chatbot.screens.organizer.broadcasts import approval, composing, launching, scheduling
from chatbot.screens.organizer.broadcasts.summary import reached
from chatbot.screens.organizer.records import audit_lines, audit_log, links
from chatbot.screens.organizer.team import approval_threshold, colleagues, invitations, members, own_zone, owner_link
from chatbot.screens.screen import Screen
from chatbot.screens.supporter import general
from tests.screens.galleries.progress import POSTS
from tests.support.cast import HANA, SAM, YUNA

AT = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
LINK = "https://t.me/SaveMyFriendBot?start=join_abcdefghijklmnopqrstuv"
COMMAND = "/start join_abcdefghijklmnopqrstuv"
CODE = "abcdefghijk"
LONG = 2**52 - 1


def _draft_screens(_: Translator, campaign: Campaign) -> Iterator[tuple[str, Screen]]:
    now = AT + timedelta(days=3)
    hers = Broadcast(
        12, "update", None, YUNA, Audience(), "readers", False, 5, now - timedelta(minutes=20), posts=POSTS
    )
    old = replace(hers, id=13, organizer_id=HANA, created_at=now - timedelta(days=3))
    for role in get_args(Role):
        yield f"help-{role}", general.team_guide(_, menu.grouped(_, role), desk.way_to_desk(_))
    yield "drafts", colleagues.list_drafts(_, [hers, old], {HANA: "하나"}, YUNA, now)
    fix = replace(hers, kind="correction", of_id=11)
    yield "drafts-correction", colleagues.list_drafts(_, [fix, old], {HANA: "하나"}, YUNA, now)
    yield "drafts-none", colleagues.list_drafts(_, [], {}, YUNA, now)
    recipients: dict[Language, int] = {"ko": 1204, "en": 318}
    said = reached(_, old, recipients)
    yield "drafts-colleague", colleagues.show_draft(_, old, "하나", said, now)
    yield "drafts-former", colleagues.show_draft(_, old, "하나", said, now, is_told=False)
    changed = composing.review(_, campaign, hers, recipients, Estimate(60, 0), colleagues.was_changed(_))
    yield "drafts-changed", changed
    started = replace(hers, started_at=now)
    yield "drafts-recent", Screen(colleagues.sent_recently(_, started, "하나", 720))
    yield "drafts-recent-own", Screen(colleagues.sent_recently(_, started, None, 720))
    leaving = colleagues.list_under_way(_, [started, replace(hers, scheduled_for=now), *[hers] * 9])
    yield "team-remove-under-way", Screen(leaving or Markup(""))
    taken = {"broadcast": 12, "revision": 5, "title": "친구가 풀려났습니다!", "by": "하나", "hour": None}
    yield "notice-taken-over", notices.write(_, "taken_over", taken)
    yield "notice-taken-off", notices.write(_, "taken_over", taken | {"hour": int(now.timestamp())})
    yield "notice-taken-back", notices.write(_, "taken_back", taken)
    done = taken | {"people": 1522, "at": int(now.timestamp()), "name": "유나", "asker": "유나"}
    for entry in sorted(TOLD):
        yield f"notice-colleague-{entry.partition('.')[2]}", notices.write(_, "colleague", done | {"entry": entry})


def team_screens(_: Translator, campaign: Campaign) -> Iterator[tuple[str, Screen]]:
    """Yield each screen under its own name."""
    yuna = Member(YUNA, "유나", "owner", True, None, AT)
    hana = Member(HANA, "하나", "organizer", False, YUNA, AT)
    sam = Member(SAM, "Sam <Smith> & Co", "viewer", False, YUNA, AT)
    stranger = Member(4004, "", "owner", True, None, None)
    open_one = Invitation(77, "organizer", YUNA, AT, AT + timedelta(days=2))
    names = {YUNA: "유나", HANA: "하나", SAM: "Sam <Smith> & Co"}
    team = [yuna, stranger, hana, sam]
    full = [replace(sam, id=LONG - nth, name="&" * 128) for nth in range(30)]
    yield "team-owner", members.list_members(_, team, [open_one], 1000, is_owner=True)
    yield "team-organizer", members.list_members(_, team, [open_one], None, is_owner=False)
    yield "team-full", members.list_members(_, full, [], 1_000_000_000, is_owner=True)
    yield "team-member", members.show_member(_, hana, names, is_self=False)
    yield "team-member-self", members.show_member(_, replace(hana, role="owner"), names, is_self=True)
    yield "team-member-named", members.show_member(_, yuna, names, is_self=True)
    yield "team-change", members.ask_change(_, replace(sam, id=LONG), "organizer", CODE, is_self=False)
    yield "team-change-self", members.ask_change(_, replace(hana, role="owner"), "viewer", CODE, is_self=True)
    yield "team-remove", members.ask_change(_, sam, None, CODE, is_self=False)
    yield "team-changed", members.changed(_, sam.name, "organizer")
    yield "team-removed", members.changed(_, sam.name, None)
    yield "team-link-name", links.ask_name(_, links.bad_name(_))
    yield (
        "team-link",
        links.show_link(_, "church-flyer", "https://t.me/SaveMyFriendBot?start=church-flyer", is_open=True),
    )
    yield "team-link-closed", links.show_link(_, "radio", "https://t.me/SaveMyFriendBot?start=radio", is_open=False)
    yield "team-poster", links.choose_poster(_, "church-flyer", is_delivered=False)
    yield "team-poster-to-deliver", links.choose_poster(_, "poster", is_delivered=True)
    yield "team-poster-caption", Screen(links.caption_of_poster(_, _.language, "poster"))
    yield "team-link-left", links.left(_)
    quiet = desk.Desk("viewer", total=178_930, subscribers=3, milestone=180_000)
    asked = Broadcast(12, "update", None, YUNA, Audience(), "readers", False, 5, AT, posts=POSTS)
    yield "team-desk-viewer", desk.desk(_, quiet)
    yield "team-desk", desk.desk(_, replace(quiet, role="owner"))
    yield (
        "team-desk-waiting",
        desk.desk(_, replace(quiet, role="organizer", drafts=2, scheduled=1, running=1, to_approve=[asked], signals=3)),
    )
    ended = replace(quiet, role="owner", ending="closed", milestone=None)
    yield "team-desk-ended", desk.desk(_, ended)
    closed = replace(ended, ended_at=AT, erased_at=AT + timedelta(days=180))
    yield "team-desk-closed", desk.desk(_, closed)
    yield "team-desk-won", desk.desk(_, replace(closed, ending="victory"))
    yield "team-may-not", menu.may_not(_, "organizer")
    yield "team-may-not-owner", menu.may_not(_, "owner")
    yield "team-invite-role", invitations.ask_role(_, "abcdefghijklmnopqrstuv")
    yield "team-invited", invitations.invited(_, open_one, LINK, COMMAND)
    yield "team-invite", invitations.invite(_, "Save North Korean Refugees", "유나", open_one, CODE)
    yield "team-is-member", invitations.is_member(_, "owner")
    yield "team-invitation-over", invitations.over(_)
    yield "team-welcome", invitations.welcome(_, "organizer")
    yield "team-welcome-viewer", invitations.welcome(_, "viewer")
    yield "team-own-ask", owner_link.ask(_, "Save North Korean Refugees", CODE)
    yield "team-own-welcome", owner_link.welcome(_)
    yield "team-own-is-owner", owner_link.is_owner(_)
    yield "team-own-over", owner_link.over(_)
    yield from _draft_screens(_, campaign)
    waiting = [replace(asked, id=12 + nth, scheduled_for=AT + timedelta(hours=nth)) for nth in range(7)]
    yield "team-eyes", approval_threshold.choose_threshold(_, 1000, 351, waiting[:1])
    yield "team-eyes-half", approval_threshold.choose_threshold(_, 175, 351, waiting)
    yield "team-eyes-off", approval_threshold.choose_threshold(_, None, 1)
    yield "team-number", approval_threshold.ask_number(_)
    yield "team-number-again", approval_threshold.ask_number(_, approval_threshold.not_a_number(_, "많이"))
    yield "team-number-confirm", approval_threshold.confirm_number(_, 2500, 1000, waiting[:2])
    yield from _zone_screens(_, campaign)
    yield from _approval_screens(_, campaign)
    yield from _notice_screens(_)
    yield from _log_screens(_, names)


def _zone_screens(_: Translator, campaign: Campaign) -> Iterator[tuple[str, Screen]]:
    there, offers = _.in_zone(ZoneInfo("Europe/Berlin")), ["Europe/Berlin", "UTC"]
    zone, team, viewers = campaign.zone, own_zone.way_to_team(_), desk.way_to_desk(_)
    yield "team-zone", own_zone.ask_zone(_, None, offers, zone, AT, team, is_unknown=False)
    yield "team-zone-own", own_zone.ask_zone(there, "Europe/Berlin", offers, zone, AT, viewers, is_unknown=False)
    yield "team-zone-unknown", own_zone.ask_zone(_, None, offers, zone, AT, team, is_unknown=True)
    yield "team-zone-which", own_zone.which_zone(_, ["America/New_York", "America/Chicago"], AT, team)
    yield "team-zone-chosen", own_zone.chosen(there, zone, AT, viewers)


def _approval_screens(_: Translator, campaign: Campaign) -> Iterator[tuple[str, Screen]]:
    draft = Broadcast(12, "update", None, YUNA, Audience(), "readers", False, 5, AT, posts=POSTS)
    scheduled = replace(draft, scheduled_for=AT)
    readers: dict[Language, int] = {"ko": 1204, "en": 318}
    cost = Estimate(60.9, 0)
    way = approval.way_to_approve(_, scheduled)
    yield "approve-confirm", launching.confirm(_, campaign, draft, readers, cost, unapproved=True)
    yield "approve-hour-confirm", scheduling.confirm_hour(_, campaign, draft, AT, readers, cost, unapproved=True)
    others = ["하나", "Sam"]
    yield "approve-asked", approval.asked(_, draft, others, 1000, 1522)
    yield "approve-asked-after", approval.asked(_, draft, others, 1000, 522, 700)
    yield "approve-asked-hour", approval.asked(_, scheduled, ["하나"], 1000, 1522)
    yield "approve-nobody", approval.asked(_, draft, [], 1000, 1522)
    for name, asked in (("", others), ("-nobody", [])):
        waits = approval.waits_for(_, AT, asked)
        yield f"approve-review{name}", composing.review(_, campaign, draft, readers, cost, request=waits)
    for name, hint in (
        ("declined", approval.was_declined(_, "하나", "날짜가 틀렸습니다.")),
        ("declined-bare", approval.was_declined(_, "하나", "")),
        ("fell", approval.fell(_, None)),
        ("fell-approved", approval.fell(_, "하나")),
    ):
        yield f"approve-review-{name}", composing.review(_, campaign, draft, readers, cost, hint)
    yield "approve-ask", approval.ask(_, campaign, draft, "유나", readers)
    yield "approve-ask-hour", approval.ask(_, campaign, scheduled, "유나", readers)
    yield (
        "approve-ask-correction",
        approval.ask(_, campaign, replace(draft, kind="correction", of_id=11), "유나", readers),
    )
    yield "approve-ask-here", approval.ask(_, campaign, draft, "유나", readers, is_below=False)
    late, fix = replace(scheduled, late_at=AT), replace(draft, kind="correction", of_id=11)
    yield "approve-ask-late", approval.ask(_, campaign, late, "유나", readers, is_below=False)
    yield "approve-ask-correction-here", approval.ask(_, campaign, fix, "유나", readers, is_below=False)
    yield "approve-remind", approval.ask(_, campaign, scheduled, "유나", readers, is_reminder=True, is_below=False)
    for name, each in (("", draft), ("-hour", scheduled), ("-late", late), ("-correction", fix)):
        yield f"approve-second{name}", approval.confirm(_, campaign, each, readers, cost)
    yield "approve-reason", approval.ask_reason(_, draft, "유나")
    yield "approve-reason-again", approval.ask_reason(_, draft, "유나", approval.reason_refused(_))
    yield "approve-declined", approval.declined(_, draft, "유나")
    given = Approval(5, YUNA, AT, starts=True, approved_by=HANA, declined_by=None, reason="")
    said_no = replace(given, approved_by=None, declined_by=HANA, reason="날짜가 틀렸습니다.")
    for name, answer in (("approved", given), ("declined", said_no), ("overtaken", None)):
        yield f"approve-over-{name}", approval.request_over(_, draft, answer, {HANA: "하나"})
    yield "approve-over-discarded", approval.request_over(_, None, None, {})
    yield "approve-done", approval.approved(_, draft, starts=True)
    yield "approve-done-hour", approval.approved(_, scheduled, starts=False)
    yield "approve-done-late", approval.approved(_, replace(scheduled, late_at=AT), starts=False)
    yield "approve-waiting", scheduling.waiting(_, scheduled, readers, approval.waits(_, "하나"))
    yield "approve-waiting-missing", scheduling.waiting(_, scheduled, readers, approval.waits(_, None), way)
    yield "approve-late", scheduling.late(_, replace(scheduled, late_at=AT), unapproved=True)


def _notice_screens(_: Translator) -> Iterator[tuple[str, Screen]]:
    joined = {"name": "Sam <Smith> & Co", "role": "viewer", "inviter": "유나"}
    changed = {"name": "하나", "before": "viewer", "after": "organizer", "by": "유나"}
    approved = {"broadcast": 12, "title": "친구가 풀려났습니다!", "by": "하나", "starts": 1, "late": 0}
    gone = {"name": "Mallory", "role": "viewer", "until": AT.isoformat()}
    yield "notice-joined", notices.write(_, "member_joined", joined)
    yield "notice-owner-joined", notices.write(_, "owner_joined", {"name": "Sam <Smith> & Co"})
    yield "notice-changed", notices.write(_, "member_changed", changed)
    yield "notice-removed", notices.write(_, "member_changed", changed | {"after": None})
    yield "notice-forgotten", notices.write(_, "member_forgotten", gone)
    yield "notice-hidden", notices.write(_, "member_hidden", {})
    yield "notice-yours", notices.write(_, "your_role", changed)
    yield "notice-yours-removed", notices.write(_, "your_role", changed | {"after": None})
    yield "notice-threshold", notices.write(_, "threshold", {"by": "유나", "after": 1000})
    yield "notice-threshold-off", notices.write(_, "threshold", {"by": "유나", "after": None})
    yield "notice-clock", notices.write(_, "clock", {"ahead": -5400})
    broken = {"told": "Wrong response from the webhook: 502 Bad Gateway", "waiting": 12}
    for trouble in ("failing", "taken", "over"):
        yield f"notice-webhook-{trouble}", notices.write(_, f"webhook_{trouble}", broken)
    yield "notice-approved", notices.write(_, "approved", approved)
    declined = {
        "broadcast": 12,
        "title": "친구가 풀려났습니다!",
        "by": "하나",
        "reason": "날짜가 틀렸습니다.",
        "hour": 0,
    }
    yield "notice-declined", notices.write(_, "declined", declined)
    yield "notice-declined-hour", notices.write(_, "declined", declined | {"reason": "", "hour": 1})
    yield "notice-threshold-scheduled", notices.write(_, "threshold", {"by": "유나", "after": 1000, "scheduled": 2})
    yield "notice-approved-hour", notices.write(_, "approved", approved | {"starts": 0})
    yield "notice-approved-late", notices.write(_, "approved", approved | {"starts": 0, "late": 1})


def _log_screens(_: Translator, names: dict[int, str]) -> Iterator[tuple[str, Screen]]:
    details: defaultdict[str, str | int | None] = defaultdict(lambda: "organizer")
    details |= {"title": "친구가 풀려났습니다!", "people": 1522, "rows": 1522, "at": 1_796_083_200}
    details |= {
        "name": "Sam <Smith> & Co",
        "before": "viewer",
        "after": "organizer",
        "inviter": "유나",
        "asker": "유나",
    }
    details |= {
        "words_after": "친구들이 안전한 곳에 도착했습니다.",
        "milestone_before": None,
        "milestone_after": 185_000,
    }
    details |= {"language": _.language}
    details |= {"mode_before": "off", "rate_before": 100, "mode_after": "auto", "rate_after": 300}
    details |= {"format": "xlsx", "first_day": "2026-11-01", "last_day": None, "country": "KR"}
    in_places = details | {"places": 3}
    entries = [
        AuditEntry(
            nth,
            (YUNA, HANA)[nth % 2],
            what,
            in_places if "recalled" in what else details,
            AT + timedelta(hours=nth),
            "",
        )
        for nth, what in enumerate(audit_lines.LINES, 1)
    ]
    end = (len(entries), "3fa9c12d" * 8)
    for page in range(0, len(entries), 8):
        shown = entries[page : page + 8][::-1]
        screen = audit_log.list_entries(_, shown, names, audit_log.LogFilter(), end, has_newer=page > 0, has_older=True)
        yield f"log-{page // 8 + 1}", screen
    chosen = audit_log.LogFilter("broadcast", LONG)
    yield "log-chosen", audit_log.list_entries(_, entries[:1], names, chosen, end, has_newer=True, has_older=True)
    yield "log-none", audit_log.list_entries(_, [], names, chosen, (0, ""), has_newer=False, has_older=False)
    yield "log-kinds", audit_log.choose_kind(_, chosen)
    yield "log-who", audit_log.choose_member(_, chosen, names)
