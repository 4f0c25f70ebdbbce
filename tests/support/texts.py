"""Texts that must stay texts wherever a label, a scope, a name or a title is shown."""

from hypothesis import strategies as st

HOSTILE = [
    "<script>alert(1)</script>",
    "<b>bold</b>",
    "<x>",
    "<",
    ">",
    "</text></svg>",
    '" onload="alert(1)',
    "' onclick='alert(1)",
    '"];evil [label="',
    "javascript:alert(1)",
    "{a|b|{c}}",
    "\\N",
    "\\G \\E \\T \\H \\L",
    "\\n",
    "\\l\\r",
    "\\",
    "\\\\",
    '\\"',
    "ends with \\",
    "one\ntwo",
    "one\r\ntwo",
    "\n",
    "one\n\n\ntwo",
    "&amp;",
    "&lt;script&gt;",
    "&#0;",
    "&",
    "]]>",
    "<!--",
    "-->",
    "<![CDATA[",
    "<?xml version='1.0'?>",
    "<!DOCTYPE x [<!ENTITY y 'z'>]>",
    "-> [label=x]",
    "a -> b; }",
    "digraph {",
    "/* x */ // y",
    "#comment",
    "node",
    "%s {0} $x$",
    "  two  spaces  ",
    " ",
    "\t",
    "\xa0",
    "😀",
    "👩\u200d💻",
    "e\u0301",
    "日本語",
    "שלום",
    "\u202eabc",
    "مرحبا",
    "\u2028",
    "a\0b",
    "".join(map(chr, range(32))),
    "\x7f\x80\x9f",
    "\ud800",
    "\udfff\ud800",
    "\ufffe\uffff",
    "\U0010ffff",
    "x" * 10_000,
    "\n" * 10_000,
    "<&\"'\\" * 2_000,
]

# Of the languages in which labels are written, and the characters that change how a text is displayed:
_PIECES = list("<>&\"'/\\{}[]()|;:=-.,`#@$%_^~!?* \n\r\t\0\x85\u2028\xa0\ufeff\u202e\u2066\u200d\ud800\udfff\ufffe")
_PIECES += ["<script>", "</script>", "</title>", "</svg>", "<!--", "-->", "<![CDATA[", "]]>", "&lt;", "&#x3c;"]
_PIECES += ["onload=", "javascript:", "\x1b[2J", "\\N", "\\G", "\\L", "\\l", "\\n", "\\text{", "\\input{x}", "$$"]
_PIECES += ["\\end{aligned}", "\\href{x}{y}", "\\data{0}", "${x}", "{0}", "%s", "'''", "import", "t1", "w"]
_PIECES += ["x1", "alpha", "tanh", "1.0", "word", "é", "e\u0301", "שלום", "日本語", "😀", "\U0010ffff"]
_characters = st.characters(exclude_categories=())  # surrogates too

texts = st.one_of(
    st.lists(st.sampled_from(_PIECES), max_size=12).map("".join),
    st.text(_characters, max_size=60),
    st.sampled_from(HOSTILE),
    st.builds(lambda text, times: text * times, st.text(_characters, max_size=3), st.integers(0, 400)),
)
"""Texts of any characters, short and long, many of them hostile."""
