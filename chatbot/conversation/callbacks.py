"""Reading what stands in the data of a button: anybody can make some up."""


def read_number(text: str, otherwise: int = 1) -> int:
    """The number of a page or of a broadcast in a button; `otherwise` for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else otherwise
