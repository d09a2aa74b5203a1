"""Texts for the files of a new campaign: comments for its author, and an appeal to begin with."""

from markupsafe import Markup

from chatbot.i18n import Translator

# Comments, as plain text.


def about_facts(_: Translator) -> str:
    return _.label(
        "The petition's facts and short words. The appeal is in the folder of each language. After an edit, "
        "python -m chatbot check says in plain words whether all is well, and python -m chatbot demo plays it. "
        "docs/your-petition.md explains every line."
    )


def about_zone(_: Translator) -> str:
    return _.label('Where the team lives, like "Asia/Seoul": its days and hours are those of /stats and of all files.')


def about_milestones(_: Translator) -> str:
    return _.label("Totals to work towards, from small to large.")


def about_likely_countries(_: Translator) -> str:
    return _.label("Offered first when people are asked for their country: two letters each (ISO 3166).")


def about_risk(_: Translator) -> str:
    return _.label("Countries where people may be in danger for signing; the bot warns them.")


def about_quiet_hours(_: Translator) -> str:
    return _.label("No update reaches anybody between these times, by the clocks of their country.")


def about_texts(_: Translator) -> str:
    return _.label(
        "title, addressee and appeal are what people sign: once somebody has signed, another text is another version. "
        "lead is the first thing that people read, and share_text what they share."
    )


def about_appeal(_: Translator) -> str:
    return _.label(
        "The appeal, as people read it before they sign. Write it in your own words, and keep the marks: h1 for a "
        "heading, p for a paragraph, b for what is bold. A line with hr in angle brackets begins a new page."
    )


# The appeal and the bot's profile, in the language of its readers.


def why(_: Translator) -> Markup:
    return _("Why this petition matters")


def stand_together(_: Translator) -> Markup:
    return _(
        "We don't want to look away. One voice is easily missed; many voices together are heard. That is why we "
        "collect names, openly and peacefully."
    )


def what(_: Translator) -> Markup:
    return _("What we ask for")


def address(_: Translator, addressee: str) -> Markup:
    return _("This petition is addressed to: {addressee}", addressee=addressee)


def every_name(_: Translator) -> Markup:
    return _("Every name counts. Please sign, and tell people you know about this petition.")


def describe_bot(_: Translator, lead: str) -> str:
    """Describe the bot to somebody who has not pressed Start. Plain text."""
    return _.label(
        "{lead}\n\nPress Start to read the appeal and sign. All it takes is your name, your country and about a "
        "minute.",
        lead=lead,
    )
