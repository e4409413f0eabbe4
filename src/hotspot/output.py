"""Write results whole or not at all."""

import errno
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from .errors import OutputError

__all__ = ["check_writable", "csv_bytes", "without_formulas", "write_atomically", "write_files"]


def write_atomically(path: str | Path, content: bytes | str) -> Path:
    """Write one file; a reader sees the old content or the new, never a part.

    Parameters
    ----------
    path : str or pathlib.Path
        Where to; its folder is made if need be.
    content : bytes or str
        Text is written as UTF-8.

    Raises
    ------
    OutputError
        The file cannot be written; what was there before is untouched.
    """
    path = Path(path)
    write_files(path.parent, {path.name: content})
    return path


def write_files(folder: str | Path, contents: Mapping[str, bytes | str]) -> list[Path]:
    """Write several files into a folder: all are complete on disk before the first is put in place.

    Returns
    -------
    list of pathlib.Path
        The files, in the order given.
    """
    folder = Path(folder)
    staged: list[tuple[str, Path]] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            target = folder / name
            if target.is_dir():
                raise IsADirectoryError(errno.EISDIR, "", str(target))
            staged.append((_stage(folder, content), target))
        _put_in_place(staged)
    except OSError as error:
        raise _refusal(error, error.filename2 or error.filename or folder) from error
    finally:
        for temporary, _ in staged:
            Path(temporary).unlink(missing_ok=True)
    return [target for _, target in staged]


def check_writable(path: str | Path) -> None:
    """Refuse a file that could not be written, before the work that it is to hold is done; nothing is left behind.

    Raises
    ------
    OutputError
        Its folder is not there and cannot be made, or takes no file, or a folder has its name.
    """
    path = Path(path)
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "", str(path))
        there = path.parent
        while not there.exists():
            there = there.parent
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        raise _refusal(error, path) from error


def _refusal(error: OSError, where: object) -> OutputError:
    return OutputError(
        f"写不进 {where}（{_CAUSES.get(error.errno or 0, error.strerror)}）。"
        "如果文件正在 Excel 或 Word 中打开，请先关闭；也请检查权限和磁盘空间，或用 -o 换一个文件夹。"
    )


_CAUSES = {
    errno.ENOENT: "这里不能建文件",
    errno.EACCES: "没有写入权限",
    errno.EPERM: "没有写入权限",
    errno.EROFS: "磁盘是只读的",
    errno.ENOSPC: "磁盘已满",
    errno.EISDIR: "同名的文件夹已存在",
    errno.EEXIST: "这里有同名的文件，不是文件夹",
    errno.ENOTDIR: "路径中有一段是文件，不是文件夹",
    errno.ENAMETOOLONG: "文件名太长",
}


def _put_in_place(staged: list[tuple[str, Path]]) -> None:
    """Rename the finished files to their names; if one can't be, put back what the others replaced."""
    undo: list[tuple[Path, str | None]] = []
    try:
        for temporary, target in staged:
            former = f"{temporary}.old" if target.exists() else None
            undo.append((target, former))
            if former:
                shutil.copy2(target, former)
            os.replace(temporary, target)  # noqa: PTH105
    except OSError:
        for target, former in reversed(undo):
            if former is None:
                target.unlink(missing_ok=True)
            elif Path(former).exists():
                os.replace(former, target)  # noqa: PTH105
        raise
    finally:
        for _, former in undo:
            if former:
                Path(former).unlink(missing_ok=True)


def _stage(folder: Path, content: bytes | str) -> str:
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".hotspot-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content.encode("utf-8", "replace") if isinstance(content, str) else content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(0o666 & ~_umask())
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return temporary


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current


_FORMULA = re.compile("[=@\t\r\n\uff1d\uff20]|[+\\-\uff0b\uff0d](?![\\w.\\-]*$)")


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """Return a table as CSV that Excel reads: UTF-8 with a byte-order mark; cells cannot start a formula."""
    text = without_formulas(frame).to_csv(index=False, date_format="%Y-%m-%d %H:%M:%S", lineterminator="\n")
    return text.encode("utf-8-sig", "replace")


def without_formulas(frame: pd.DataFrame) -> pd.DataFrame:
    """Lead in a cell that could start a formula by an apostrophe.

    Numbers, and order ids such as ``-0012``, stay exactly as they are.
    """
    safe = frame.copy()
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]) and not pd.api.types.is_datetime64_any_dtype(safe[column]):
            safe[column] = safe[column].astype(object).map(_without_formula)
    return safe


def _without_formula(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value
