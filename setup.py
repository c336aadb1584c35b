"""What is written in C, for an installation as a Python package; everything else is in pyproject.toml.

It knows nothing of Python: the "extension" is only how setuptools is told to compile a library.  Where that fails the
package is installed without, and Python does the same.
"""

from pathlib import Path

from setuptools import Extension, setup

NATIVE = Path("app/console/vnc/native")
FLAGS = ["-std=c11", "-O3", "-fvisibility=hidden"]
ISAL = Path("/usr/include/isa-l/igzip_lib.h").is_file()

setup(
    ext_modules=[
        Extension(
            "app.console.vnc.native.decoders",
            sorted(map(str, NATIVE.glob("*.c"))),
            depends=[str(NATIVE / "decoders.h")],
            define_macros=[("HOSTELRY_ISAL", None)] if ISAL else [],
            libraries=["isal" if ISAL else "z"],
            extra_compile_args=FLAGS,
            optional=True,
        ),
        Extension(
            "app.console.spice.native.strips", ["app/console/spice/native/strips.c"], extra_compile_args=FLAGS, optional=True
        ),
    ]
)
