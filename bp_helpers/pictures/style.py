"""One visual language: the colours and sizes that all pictures share.

The colours are from the set of Okabe & Ito (2008), which colour-blind readers can tell apart, with
lighter ones of the same hue on a dark ground.

The grammar of all pictures: blue (`forward`) is a value, orange (`backward`) a gradient. The sign
of a number is a dash or a hollow bar, never a hue; large is wide. What is chosen has a thick
outline of ink. What a step has just made has a patch like a yellow marker's (`lit`), and what it
was made from a grey one (`used`).
"""

# The colours of SVG pictures, on a light and on a dark ground. All texts reach a contrast of 4.5.
LIGHT = {
    "forward": "#0067a3",
    "backward": "#ad4800",
    "ink": "#222222",
    "quiet": "#666666",
    "ground": "#ffffff",
    "panel": "#f7f7f7",
    "lit": "#fff0a0",
    "used": "#e6e6e6",
    "class0": "#8a5a00",
    "class1": "#7b3fa8",
    "class2": "#00704f",
}
DARK = {
    "forward": "#6cc0f0",
    "backward": "#ff9d5c",
    "ink": "#eeeeee",
    "quiet": "#aaaaaa",
    "ground": "#111111",
    "panel": "#1f1f1f",
    "lit": "#453f00",
    "used": "#3c3c3c",
    "class0": "#ffc94d",
    "class1": "#dcb0ff",
    "class2": "#5adbb0",
}
# An image cannot follow the theme: a class's area is painted thinly, over whatever ground there is.
AREAS = [(230, 159, 0), (160, 90, 200), (0, 158, 115)]
AREA = "#3b7dd8"  # the same for a surface without classes
FONT = "system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif"
SVG_FONT_SIZE = 13


def paint(colour: str) -> str:
    """Return the named colour as CSS: the theme's where there is one, the light one elsewhere."""
    return f"var(--bp-{colour}, {LIGHT[colour]})"


def _values(colours: dict[str, str]) -> str:
    return "".join(f"--bp-{name}: {value};" for name, value in colours.items())


def theme_css() -> str:
    """Return the style sheet that gives the named colours their values, by JupyterLab's theme.

    Where the system forces its own colours upon the page, the ground is as the system's.
    """
    light, dark = _values(LIGHT), _values(DARK)
    forced = ":root .bp-view"  # it counts as much as the theme's, and comes later
    return (
        f".bp-view {{ {light} }}\n[data-jp-theme-light='false'] .bp-view {{ {dark} }}\n"
        f"@media (forced-colors: active) {{ {forced} {{ {light} }} }}\n"
        "@media (forced-colors: active) and (prefers-color-scheme: dark) "
        f"{{ {forced} {{ {dark} }} }}\n"
    )


def image_css() -> str:
    """Return the style sheet of a picture that is an image: its ground and colours follow the page.

    The page says by `color-scheme` whether it is dark; where it does not, the reader's system does.
    """
    dark = _values(DARK)
    return (
        f"svg {{ background: {paint('ground')} }}"
        f"@media (prefers-color-scheme: dark) {{ svg {{ {dark} }} }}"
    )
