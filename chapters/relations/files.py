"""Write files whole: a full disk or a stopped run leaves what was there before."""

from __future__ import annotations

from pathlib import Path


def write(contents: dict[Path, str | bytes]) -> None:
    """Write files, all of them or none: first beside their places, then into them.

    Raises OSError with the name of the file that could not be written.
    """
    parts = {path: path.with_name(f".{path.name}.part") for path in contents}
    try:
        for path, part in parts.items():
            content = contents[path]
            part.write_bytes(content.encode() if isinstance(content, str) else content)
        for path, part in parts.items():
            part.replace(path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def unwritten(error: OSError) -> str:
    """What to say of a file that could not be written."""
    return (
        f"{error.filename or 'A file'}: {error.strerror}. Give the folder room, and leave to write."
    )
