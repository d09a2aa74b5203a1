"""What the team is told when signatures are set aside or put back, and when something unusual is seen."""

import json
from datetime import datetime

from chatbot.i18n import Translator
from chatbot.petition.doubt import Signal, Suspicion
from chatbot.petition.errand import Details
from chatbot.screens import actions
from chatbot.screens.doubting import signal_line
from chatbot.screens.members import shorten
from chatbot.screens.screen import Press, Screen


def told(_: Translator, details: Details) -> Screen:
    """Another organizer set signatures aside, stopped it, or put them back."""
    count, by = int(details["count"] or 0), shorten(_, str(details["by"]))
    before, after = (_.number(int(details[each] or 0)) for each in ("before", "after"))
    match details["what"]:
        case "started":
            text = _.plural(
                "🗄 {by} has begun to set {count} signature aside: <i>{reason}</i>",
                "🗄 {by} has begun to set {count} signatures aside: <i>{reason}</i>",
                count,
                by=by,
                reason=str(details["reason"]),
            )
        case "done":
            text = _.plural(
                "🗄 <b>{count} signature is set aside</b>, by {by}. The total went from {before} to {after}.",
                "🗄 <b>{count} signatures are set aside</b>, by {by}. The total went from {before} to {after}.",
                count,
                by=by,
                before=before,
                after=after,
            )
        case "stopped":
            text = _.plural(
                "✋ {by} has stopped it: {count} signature is set aside. The total went from {before} to {after}.",
                "✋ {by} has stopped it: {count} signatures are set aside. The total went from {before} to {after}.",
                count,
                by=by,
                before=before,
                after=after,
            )
        case "back":
            text = _.plural(
                "↩️ {by} has begun to put {count} signature back.",
                "↩️ {by} has begun to put {count} signatures back.",
                count,
                by=by,
            )
        case _restored:
            text = _(
                "↩️ <b>All signatures that {by} put back count again.</b> The total went from {before} to {after}.",
                by=by,
                before=before,
                after=after,
            )
    return Screen(text, ((Press(_.label("🔎 See how it stands"), actions.doubts("open", details["id"])),),))


def seen(_: Translator, details: Details) -> Screen:
    """Something unusual was seen."""
    signal = Signal(
        id=int(details["id"] or 0),
        kind=str(details["kind"]),
        suspicion=Suspicion.from_mapping(json.loads(str(details["conditions"]))),
        value=int(details["value"] or 0),
        usual=int(details["usual"] or 0) / 1000,
        found_at=datetime.fromisoformat(str(details["found_at"])),
    )
    text = _(
        "{line}\n\nIt may be a wave of real people, for instance after a report. Look at them before you decide.",
        line=signal_line(_, signal),
    )
    return Screen(text, ((Press(_.label("🔎 Look at them"), actions.doubts("look", signal.id), "primary"),),))
