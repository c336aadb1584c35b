"""The fonts of the PC's text mode: what SeaBIOS, boot loaders, DOS, and Linux's text consoles draw with.

The pictures of the characters are facts of the hardware, and in the public domain (Joseph Gil's collection fntcol16, from which
SeaBIOS and Bochs have theirs).  8x16 has further pictures of the characters that Linux's own console draws otherwise, as they
are seen on its screen.
"""

from __future__ import annotations

import base64
import zlib

from app.console.reading.font import Font

CONTROLS = " ☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼"
"""What code page 437 shows for 0 to 31."""

CP437 = CONTROLS + "".join(map(chr, range(32, 127))) + "⌂" + bytes(range(128, 255)).decode("cp437") + " "
"""The characters of the 256 pictures, in order."""

_PICTURES_16 = (
    "eNp9V09r40YUFynoJLzpbWhMcskHEC0kohU2LP0KvYtsUfcgWp+yggrt5pKPUAg999LvEHAjGHowOS4GuSYn+1KKYSHrQ9D0vfn7Zjbtc4L903sz7/+bUR"
    "SF1F79dnV1e3N11WoseiG6rRCtkagGoCY7NPgwayhkeb7dbhnLLW5hscNKhKlfQtK2QwVI8mFevnxZ5o7f3dze3nSafzz64st6AVRHWhgoZ6BA4elX0xRo"
    "tntQ+O2rt6+Afthu5lo56/Nt3mv5d/OH3X7Y7x7m7yQ+iEfHk2FyPIoPrPmMsdYYHJWK4Fvv3/f9z0dIEja8yCrOqyzhDYkqhizYr6UYyZgnySmER8mQML"
    "JZWgxFSnM2n88HAk9LUZ46eJhlTTMMxJamyVy+AoLc5GiMtgdcPfUFqmqo5L+ytuF38yaOr3ljPLjjCUsLfq1QVlXZ5QrydalsT9PC2w5kJbFEO8cSScx5"
    "WOYiL6mJLtvkGVkQDc/4ZVccxGifzjfUT9f1fdfpgotYVusMRDqhSpwPFsd5HMcmvck4rxYDGHysVUMyngg/KwBzII0HWK98NvsBi/Dxdwvrk9qznDissX"
    "FXmgdRi10Lyz9Dkocydv+E5Fc+WK/Xq3ljqgXKd0CDFH6CCmiw4p9MvO7Aw/mdide+Ug1R7bV/5cXr+nVxUQ4eLoodWb/mvPxaYdQk1Wl9uW4AMy+OZTW4"
    "ft+AqroGpRuFd4Ukqw8nCaQTSO+/eRzW925/GWsSb+lf4ezT/PfrJhlZPvq4sfwiS2K7XvQ3nr082L9TVJp+lqjvhZkfksWwCi2/zMl+orvG5P3RCR2fVJ"
    "OZpzDBZtnYzqs80ZSbbEb/RQLbkX36vE4a26/RQ1HUMsVunDUcCsD4NwZN1cLJS/7g+Fn1fbEj8QW6RPFFk8iUwv7VZeniC3WZ0XjGcTSKJZWy5EBeFYCW"
    "z4J6wRIRPZLFKz2ynX0kP5bfWBONfaalV5elZz/OeDveD9P0CdNxNrZ8uZzEw8u/wlgADgMTCsBiVT9tnJiWWuA81fU9Aldn6O/InRcROT+QhzJspp1Zhe"
    "mVHW620/0M7ZzE0qOFbz/OYZpPWOzXx8KvF5g2Hs6qzJdHjZBCUGcK1K8X7tcP7ufxy8irDwich1GeYu4GmjGHYhyLQ1lA7kt3Zvz4zVG7XL1RYALFPWA8"
    "7iNnL6kf7teTstfhtF548US+Vx+c5LtG2Hjzg0f+PIFzqYN8deYEtO21eXLFJOCj+TC+movyJ6jvD6p8jpg8PoGWMx0Amh/Mtxdf4FN/EHv2Q32R/gJkB6"
    "5KdlVN6GmE14GI3ozgHEzxeKXXJTxD5/T2hO1vrjp3HNvh/tc4OXG4vP9lokRUN+Q56bezalmdke0AVUv18/Nv/c93v/ufv974H/Y87QNk8ZmiR/1trBg8"
    "HMo/xlY+JB0On/8Y29rVTwZyLZL2BCNgH9h/4skzJsKTIpRn3p01EuH6QPokiMe5Z/95OvW0TVOf/zESwbn1MVh/7sVHOHm93spr70QQr3B/EfoXpGHq+X"
    "vi4ifp5JP4TIP1wreHhfEN82X3EwFF9DUKaBfQi4D8ZeY8Xi2Xy5XuZ3y3Wi6gfRfmvoqnPW1IvP4jGchhprnzCe+fS6RZRN+YYMLOrTovNi3L1RucnRBy"
    "PMOYsJCjun/0fRCusxP5zuf0wWHvRsxnMeAPrVE3Tgsc70U6joILIHlZGOgrg369MEHS12c7xPR12+DR0dEzA4H6D5u19P6OQ9KeynIe/s/LinlgfryQd7"
    "u/qyof61lGUoHH/zIt/vTLp1H07BXwXzRp3R4="
)
_PICTURES_14 = (
    "eNptVz9rI0cUXy6w1aJzuiEWdpPiyiUBewmDFI58hTSplnOYXDEEVYogw965uSpfwE26NPkOhsUOwxWLSyGQIlxJzXEYAjoVYjZvZt78O/vJQvvb9+bN+z"
    "PvzXOWpdRc/nV5eX112VjUL/v+dttblHEFJKoji44qEQChdLvdEkIRNX3fOGTZxDz0mra3oFOTfkPZy5eMOt7t1fX11a3lnQy++mbWdd0ss3KMUQJKDRp/"
    "Oy7LcvJwb9CbizcXFxe/bDet2Yws6ZYuUfJte79X+/v2rUHP8sFIjQb5M2cnIaRB25gh+LE6l8vl78dAGghZV1xKXhVS+FhBMFItTUAEd7ePbgfAhSqI11"
    "DWqi5D8Nu2VR684Iq/cOCoqoRQym8sROUinxIEmsLWdnfw5uuIx0Gj+Rq7hLxpRf5OCrT0RhakZNI8V5xX01XXTY2RZVlHWkBKEymsB6TQRJwXjPaUBWt8"
    "vsIbL5qpR8YTzBHoqzFhEPq79W4jMe6kmtmIIs+ISuVQTvMcJYsh5Z0qihO7F8T24HlVDUg6ncpoAUIt8N7z9FOT58UsstC7hMiuM5ZAOHJfSubPkHmv+U"
    "5n4XOk0Xq9XrUCEw3HTMGmBh0ggwK+B6yAG/DixhZLtufmuPK99YG9ej17/YqpCNX1Q1i3luw7g0C32cDuQO0BxUo9Mcl0FbdhnM84ZxuDHmpNbgf5Uam5"
    "1yI3O7W+c0i7IHWxBB9qZ4uOp5yvRTHwPPBj43g1FBhGvml+iiyTSCJCHEvAqJwrwRHxqtIm+JqmXouSf0ASbvC80NISdX1iUg1dZ6CFJYo5yZ6kHoqDfP"
    "5yVgisnOy+rmc6Tb5nCNm26MMQlPPOSRqecryK/1w/+JgBTUFQFCYvoJNPmYsZHKIqRCnPs0EOxMwZAUkGCUTJKsk00Ac1n8+9Yyvb/LwtPtbIE94aawvW"
    "VbaasshOISdDXHdUlgcI7tnQ8bou9tYmxiGTQO4Rr6KQS1OCxR6bRgddyuZvAN5M4DvwnTbzfde813xr8ipNka2yLFQHFFWRC2NkZKduayErsCjOLUgGBA"
    "UeoQqOfiSp96j1BniY4kyDloC0logH6Qi5JTRGWjIgKV3bwM0D0j1HsVrUzHXbbnrWLBa/mucRHEAF3t5l3rKoxiJkLXOonMVR0rwot7AOMzbTwDYD2wuQ"
    "hVrAeDg6ujrjI785oO/6rsfbY991+3+6ddeZMzE4JuZeIWQxsQ6GWOuMRTEDXrBao8hOOBP+zMOza2EmXZyPfO82l2EWbn24JuBClPEcAF05nC0F9Ye3ue"
    "wWZb16V5CRQ+zuz5Fhm7NKqa+AM77gZ14HPPOFefryh/jz49/x59/f4g95ivbJM6IzSzv748yOUCq5y1EyJXQ25u1yPGSIVRZmINCZlOA+sfM0kiSkT5ts"
    "KhkNV7oBJ+sSudPE2/PIzvNyHOkflzHvU9YnDf5Tsu488r13krgOJdGDPolEqrNPfUjCOo48OnVxMXT6me/jZF0f707SmKWRRy19Qs4WSw8JPU8oXYCltF"
    "ispv4KgMnq0Lbfm/sW7rs2lIeePznneBdD4/Czm77wF0CT6HqAK6d1GwTHG4L/CfhZQ/lZwzQb2OCjnWZg6hoxxvyN1yyXrqq/yAH81+AGw7KGFlmXw+j2"
    "c9OMHlNVGFZxpO3d9KvHOuwVOAAiGhwfPypH7x+oaMIcqfuPu6JMt3lyLPYQf5+bAeUDp0PbMnxk9fUHjed9nHZh6PEE8z80UH2y"
)
_PICTURES_8 = (
    "eNpNVb1qJEcQLs4gJ4OksEGLBOYeoLGMNcGwC/cOTi5qTkffBQ3eaN3g8eiUOfADWA/gxLHTg4GFsYNGlx2CXZaNVskhNtINppnxVzU91tXsbE1VV9dfV1"
    "UTDVBd/3H9/ua6qvpVv7zvK9d1XZkf03FeCs7LnBnl8cAoiVRRKKK+v19CvqfCvnhhC+qXN+/f3yz7o6+Pfgkh+MJaW6hKzc5nWs/326vLq8vLN7v65mVx"
    "f1+8vHm3bbt2+46eHU676eEzaK2UqgplGcjS1Wr188nJCU0vc+fy4MXXqhI5iPUirxTxX8UOqazLgEibzmiWruu6A3pue/uc2O0K3rLjIj6C9l5r0uScE9"
    "q5Do8jXdY+a6GoCUrbhnKXL9ZhQcbUIqe0MUYrwqvwTWSLvrCsUEetR+W8QPHJmKaDDNL1Oyqb283jriQ914BIPmS5CQPOEO6kcKHLTinWbcZ0buoWaaUY"
    "oAB6PAim8Vdmai66v3gNW2H/xDx++GbLrF9xvGWz2Wxqj/hDiCFQtLa0NuI4kTecZ+twDq6l7tVb//ZVN2Czl/VbO6Ug2wJ5dl97Os3gJvzZWeed3dEe6X"
    "llO2oeuu5j01Cze9zcNpzHpmlcLvYM9MF8WPuJ0LzPh+18wnH+NegNAnHAXhN2f+weoA9KoIuEC7mu+U19C3veMHji4LODZ+S5QJRHPUP4CXqtxyLwWYlz"
    "3RqD+NdMh5rzn4ENPtMRecqd2bO/RAvOeLs1bmHhr6a5+JnRkICt4QTshMt8osAJAG45AtEXpJzXnIF90ncKemFFvxQeHetS6+/YR962GLDnwkL8HdcqEi"
    "AhBfEHh/y7fh1povVW6wml3iAmwKLFOoXLiWi6IUqVIcGsoKJJirNaFgdTOwOb81LRNmHEIhj+13Awh5ytTMFysm+bcEj5KJsc5gvwB7qB2Q7nL6UbA+xF"
    "4w23xlV2Fa5oinIP4RaLUtpEI95SqvPBT9ADZhpxL1XBg2YIA3KYBnWN0ZC713uz47rxkTsS2f+3+dD8fXiiCqXu5pMUV578kwQEwYP+Vg4MrRM+xXWgwr"
    "kpgc3TiDAF0UOmHsZSrIeRELOMaNmEzbkNR8Crix8/fJVGFBGY9pyPy+KL6Jtfh+eHP4dn9dPqgV/1BbTpn/H3gEe8bKgTPPIfD5g/AlYT/XjA44+/GIue"
    "VAJt0n8mfKX6sSlGvjgMelxP3LPkx4Xov9Az2TXTA/2ZBj09fU7rF+JPL3xeZz5b65Nfo3w/2ksxzMTumfhHdPa/P7O03g961OjvGBfL9QlEH2Cf4CjBuI"
    "a+W/+zXnA7tqHFCcaAwYeDxPDnuyAGo3ke49a5u7vDfOV7qcTwX6zlPCMPTq+jlDVKgrvKuQf0nyqH/q5WK9TLQcbY1Dy/a5NL98sciPKk6yLyfMZ0jnyv"
    "YDJFOjw5eSoEOCBCPNvRyNzLUocDqHGSMT7CGPrkiol3w402h0KpUioATwPwP42k2N4="
)
_OTHERS_16 = (
    "eNpNkr9Lw1AQx79TpyCOD9S9Y+gQMoT6F7iJPzqFDqHDUzrVDiE46aiuirrpoH9EKfKm4BgyFBEUUZCCg1JEH97da4LfQLh8XnL3vbusgNXUVjclgg+E2p"
    "iiMEaHDNYAM7WWnkkM1oEs6yhRxGCD3nDS4SKDTQeKorBTzWCLgU7DMNUuxzaQkKI6Rwew5sBTfjw2lkEMX3n4pwRYDlr+0CcNGewIfrdUppCkAwFzIxzu"
    "zQEbER9DB3QYUo8cpoCqxSDDYPK/KvaBKBmPSGOy2wcOBaeGiEkZHIXUNuWz1YCOPQWbdHvDXjeRXk6c0yDIynKXwzOqWmWQsuc8j0hldDlwgVmez+7yhz"
    "zPJeklFpbojM/LPoMrMqZ1mxzPdc2bo8bTCtwgfuwmmmY6ocm2gdsKJPenq40G8CTvWS3i8JnXEPuKvnFreHGzF6VxPMIrzUhFbnlS+s39MLae+gffxCmc"
    "uc96wmUp3r8kqaJT5Zx+zx2ryvoPdMCq1/BLW/BUq24W4i5zEvAHvYy9Xg=="
)
"""A code and 16 rows each."""


def vga_fonts() -> list[Font]:
    """For cells of 8 and 9 by 16, then 14, then 8 pixels; the commonest first."""
    sixteen = _pictures(_PICTURES_16, 16)
    others = _unpack(_OTHERS_16)
    for at in range(0, len(others), 17):
        sixteen.setdefault(others[at + 1 : at + 17], CP437[others[at]])
    fourteen, eight = _pictures(_PICTURES_14, 14), _pictures(_PICTURES_8, 8)
    heights = ((16, sixteen), (14, fourteen), (8, eight))
    return [Font(width, height, pictures) for height, pictures in heights for width in (9, 8)]


def _unpack(text: str) -> bytes:
    return zlib.decompress(base64.b64decode(text))


def _pictures(text: str, height: int) -> dict[bytes, str]:
    data = _unpack(text)
    return {data[code * height : (code + 1) * height]: CP437[code] for code in reversed(range(256))}
