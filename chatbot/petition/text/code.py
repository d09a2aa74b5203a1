"""Finds code in texts: markup, templates, scripts, queries and shell commands.

Nothing here would run it: all texts are escaped where they are shown. But those who receive a list of supporters, or
read the reasons, should find the words of people in it.
"""

import re
import unicodedata
from typing import Final

_ELEMENTS: Final = (
    "a|abbr|applet|article|audio|b|base|big|blink|blockquote|body|br|button|canvas|center|code|dd|del|details|dialog|div|"
    "dl|dt|em|embed|fieldset|font|footer|form|frame|frameset|h[1-6]|head|header|hr|html|i|iframe|image|img|input|ins|"
    "isindex|kbd|label|layer|li|link|listing|main|map|marquee|math|menu|meta|nav|nobr|noembed|noframes|noscript|object|ol|"
    "option|p|param|picture|plaintext|pre|q|s|samp|script|section|select|small|source|span|strike|strong|style|sub|"
    "summary|sup|svg|table|tbody|td|template|textarea|tfoot|th|thead|title|tr|tt|u|ul|var|video|wbr|xml|xmp"
)
# "<3", "a < b" and the name of a film in angle brackets are no markup.
_MARKUP: Final = re.compile(
    rf"""
    < \s* /? \s* (?:{_ELEMENTS}) (?: [\s/]+ [^<>]* )? >     # an element of HTML
    | < \s* /? \s* (?:{_ELEMENTS}) (?= [\s/\[] [^<>]* =)    # one with attributes, closed or not
    | < [a-z][\w:-]* \s+ [\w:-]+ \s* =                      # any other one with attributes
    | < \s* / \s* [a-z] | <!-- | <!\[ | <!doctype | <\?\w | <%
    | & (?: \#x?[0-9a-f]+ | lt | gt | amp | quot | apos | nbsp ) ;
    | \[ /? (?: url | img | b | i | u | s | code | quote ) (?: = [^\]]* )? \]
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SCRIPT: Final = re.compile(
    r"""
    \b (?:java|vb|live) \s* script \s* : | \bdata: \w+ /
    | \b on (?: error|load|click|focus|blur|key\w+|mouse\w+|copy|wheel|toggle|start|submit|propertychange ) \s* =
    | \b (?: alert|prompt|confirm|eval|exec|execfile|system|popen|passthru|fromcharcode|settimeout|setinterval|
             expression|printf|sprintf|phpinfo|require|__import__|sleep ) \( [^)]* \)
    | \b (?: document|window|kernel|console|process|os|subprocess|runtime|string|math|json ) \. [a-z]\w{0,30}
      (?: \( | \.[a-z] | \s*= )
    | \b function \s* \w* \( | \(\) \s* => | __\w+__
    """,
    re.VERBOSE | re.IGNORECASE,
)
_QUERY: Final = re.compile(
    r"""
    ['"`] \s* ; \s* (?: -- | \w+ \s* [=(] | drop | exec | select | insert | update | delete | shutdown )
    | ['"] \s* (?:or|and) \s+ ['"]? \w+ ['"]? \s* = | ['"] \s* -- | \bor \s+ 1 \s* = \s* 1
    | \b (?:drop|alter|truncate|create) \s+ (?:table|database|schema|user) \b
    | \b union \s+ (?:all\s+)? select \b | \b insert \s+ into \s+ \w+ [^;]{0,80} \b values \s* \( | \b[sx]p_\w+
    | \b select \s+ (?: \* | [\w,\s]{1,60} ) \s from \s+ \w+ \s* (?: ; | $ | \b where \s+ \w+ \s* = )
    | \b delete \s+ from \s+ \w+ \s* (?: ; | $ | \b where \b )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SHELL: Final = re.compile(
    r"""
    \$ [({] | \$ (?-i: HOME|USER|ENV|PATH|SHELL|PWD )\b
    | ` [^`]* [/$;|] [^`]* ` | \(\) \s* : | (?<!\w) (?:rm|ls|cat|touch|wget|curl|chmod|perl|bash|sh) \s+ (?:-\w|/\w)
    | \.\./ | /etc/ (?:passwd|shadow|hosts) | ^ \s* (?: --\w | \+\+\+\w )
    | ^ \s* (?: %[\d.*]* [a-z] \s* )+ $ | %[sdnxp] \s* %[sdnxp] | %[sdnxp]\( | (?<!\d) % (?:00|0a|0d|2e|2f|3c|3e|5c)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BRACES: Final = frozenset("{}\\")


def has_code(text: str) -> bool:
    """Whether a text contains code: a brace, a backslash, or anything that some program would run or render."""
    plain = unicodedata.normalize("NFKC", text)
    return not _BRACES.isdisjoint(plain) or any(pattern.search(plain) for pattern in (_MARKUP, _SCRIPT, _QUERY, _SHELL))
